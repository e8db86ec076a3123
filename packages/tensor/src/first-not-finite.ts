/** Index of the first number that is not finite, or -1. Data sets and weights have millions of numbers, mostly finite ones. */
export function firstNotFinite(numbers: Float32Array): number {
  /** Up to here, what the runtime brings is faster, because a loop that has just been loaded is not compiled yet. */
  const FEW = 2 ** 17;
  const isSound = numbers.length > FEW ? areFinite(numbers) : !notFinite.some((one) => numbers.includes(one));
  return isSound ? -1 : numbers.findIndex((number) => !Number.isFinite(number));
}

const notFinite = [Number.NaN, Infinity, -Infinity];

/** x - x is 0, but NaN where x is not finite. */
function areFinite(numbers: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < numbers.length; i++) zero += (numbers[i] as number) - (numbers[i] as number);
  return zero === 0;
}
