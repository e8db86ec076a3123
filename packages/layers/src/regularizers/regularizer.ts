import type { Config, Tensor } from "@myelin/tensor";

/** A penalty on the values of a parameter, added to the loss while training. */
export interface Regularizer {
  readonly config: Config;
  /** A scalar. */
  penalty(weights: Tensor): Tensor;
}
