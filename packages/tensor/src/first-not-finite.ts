/** The exponent's bits of a float32; all are set in infinities and NaN, and in these alone. */
const EXPONENT = 0x7f800000;

/**
 * Index of the first number that is not finite, or -1. Data sets and weights have millions of numbers, so this looks at their bits:
 * whole numbers need no memory, not even in code that has just been loaded.
 */
export function firstNotFinite({ buffer, byteOffset, length }: Float32Array): number {
  const bits = new Int32Array(buffer, byteOffset, length);
  for (let i = 0; i < length; i++) if (((bits[i] as number) & EXPONENT) === EXPONENT) return i;
  return -1;
}
