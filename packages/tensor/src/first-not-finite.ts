/** The bits of a float32 without its sign, and the lowest bit of its exponent. */
const MAGNITUDE = 0x7fffffff;
const EXPONENT_UNIT = 0x00800000;

/**
 * Index of the first number that is not finite, or -1. Data sets and weights have millions of numbers, so this looks at their bits,
 * four at a time: infinities and NaN have the largest exponent, which becomes a sign when it grows by one. Whole numbers
 * need no memory, not even in code that has just been loaded.
 */
export function firstNotFinite(numbers: Float32Array): number {
  const { length } = numbers;
  const bits = new Int32Array(numbers.buffer, numbers.byteOffset, length);
  const grown = (i: number) => ((bits[i] as number) & MAGNITUDE) + EXPONENT_UNIT;
  const whole = length - (length % 4);
  let all = 0;
  for (let i = 0; i < whole; i += 4) all |= grown(i) | grown(i + 1) | grown(i + 2) | grown(i + 3);
  for (let i = whole; i < length; i++) all |= grown(i);
  return all < 0 ? numbers.findIndex((number) => !Number.isFinite(number)) : -1;
}
