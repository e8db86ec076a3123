/** What a network said about one picture. */
export interface Verdict {
  readonly index: number;
  readonly truth: number;
  readonly predicted: number;
  /** Of the predicted class. */
  readonly probability: number;
}

/** Reads rows of class probabilities; among equals the lowest class wins. */
export function verdicts(probabilities: Float32Array, truths: Uint8Array): Verdict[] {
  const classes = probabilities.length / truths.length;
  return Array.from(truths, (truth, index) => {
    let predicted = 0;
    for (let i = 1; i < classes; i++) {
      if (
        (probabilities[index * classes + i] as number) >
        (probabilities[index * classes + predicted] as number)
      ) {
        predicted = i;
      }
    }
    return { index, truth, predicted, probability: probabilities[index * classes + predicted] as number };
  });
}

/** The first right one of each of `count` digits, in order of appearance. */
export function rightOnes(all: readonly Verdict[], count: number): Verdict[] {
  const byDigit = new Map<number, Verdict>();
  for (const verdict of all) {
    if (verdict.truth === verdict.predicted && !byDigit.has(verdict.truth))
      byDigit.set(verdict.truth, verdict);
  }
  return [...byDigit.values()].slice(0, count);
}

/** The wrong ones of which the network was most certain. */
export function boldMistakes(all: readonly Verdict[], count: number): Verdict[] {
  const wrong = all.filter(({ truth, predicted }) => truth !== predicted);
  return wrong.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, count);
}
