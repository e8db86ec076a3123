/**
 * Index of the first number that is not finite, or -1. Data sets and weights have millions of numbers, so this is fast where all
 * are finite: x times 0 is 0 for these alone, and four sums go on side by side.
 */
export function firstNotFinite(numbers: ArrayLike<number>): number {
  const { length } = numbers;
  const whole = length - (length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += (numbers[i] as number) * 0;
    b += (numbers[i + 1] as number) * 0;
    c += (numbers[i + 2] as number) * 0;
    d += (numbers[i + 3] as number) * 0;
  }
  for (let i = whole; i < length; i++) a += (numbers[i] as number) * 0;
  return a + b + c + d === 0 ? -1 : Array.prototype.findIndex.call(numbers, (x) => !Number.isFinite(x));
}
