import { ArgumentError, clip, type Tensor } from "@myelin/tensor";

/** Probabilities closer than this to 0 or 1 are moved there, so that their logarithm stays finite. Keras uses the same. */
const MARGIN = 1e-7;

export function clipProbabilities(probabilities: Tensor): Tensor {
  return clip(probabilities, MARGIN, 1 - MARGIN);
}

export function wantShare(operation: string, option: string, value: number): void {
  if (!(value >= 0 && value <= 1))
    throw new ArgumentError(operation, `a number from 0 to 1 as ${option}`, value);
}
