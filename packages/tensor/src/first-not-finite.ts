/** The bits of a float32 without its sign, and the lowest bit of its exponent. */
const MAGNITUDE = 0x7fffffff;
const EXPONENT_UNIT = 0x00800000;

/** Up to here, what the runtime brings is faster, because a loop that has just been loaded is not compiled yet. */
const FEW = 2 ** 17;

/**
 * Index of the first number that is not finite, or -1. Data sets and weights have millions of numbers, so this looks at their bits,
 * four at a time: infinities and NaN have the largest exponent, which becomes a sign when it grows by one. Whole numbers
 * need no memory, not even in code that has just been loaded.
 */
export function firstNotFinite(numbers: Float32Array): number {
  const { length } = numbers;
  if (length <= FEW) {
    const has = (wrong: number) => numbers.includes(wrong);
    return has(Number.NaN) || has(1 / 0) || has(-1 / 0) ? search(numbers) : -1;
  }
  const bits = new Int32Array(numbers.buffer, numbers.byteOffset, length);
  const whole = length - (length % 4);
  let all = 0;
  for (let i = 0; i < whole; i += 4)
    all |=
      grown(bits[i] as number) |
      grown(bits[i + 1] as number) |
      grown(bits[i + 2] as number) |
      grown(bits[i + 3] as number);
  for (let i = whole; i < length; i++) all |= grown(bits[i] as number);
  return all < 0 ? search(numbers) : -1;
}

function search(numbers: Float32Array): number {
  return numbers.findIndex((number) => !Number.isFinite(number));
}

/** Below zero for what is not finite. */
function grown(word: number): number {
  return ((word & MAGNITUDE) + EXPONENT_UNIT) | 0;
}
