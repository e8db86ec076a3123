/** Sum of numbers with alternating signs: a wrong element shows, and large sums do not hide it. */
export function alternating(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += i % 2 === 0 ? values[i]! : -values[i]!;
  return sum;
}

/** Of `rows` rows of probabilities. */
export function meanCrossEntropy(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  rows: number,
): number {
  const classes = probabilities.length / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum -= Math.log(probabilities[row * classes + targets[row]!]!);
  return sum / rows;
}
