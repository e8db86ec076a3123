import { clip, log, type Tensor, want } from "@myelin/tensor";

/**
 * Logarithms of probabilities, which are clipped to [1e-7, 1] first so that the result is finite. (Keras clips to 1 - 1e-7 at
 * the other end, too, which float32 does not have: it would be 1.2e-7 below 1, and a loss of 0 or of 1 - p not symmetric.)
 */
export function logOfClipped(probabilities: Tensor): Tensor {
  return log(clip(probabilities, 1e-7, 1));
}

export function wantShare(operation: string, option: string, value: number): void {
  want(
    Number.isFinite(value) && value >= 0 && value <= 1,
    operation,
    `a number between 0 and 1 as ${option}`,
    value,
  );
}
