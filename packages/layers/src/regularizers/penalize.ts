import type { LayerContext, Tensor } from "@myelin/tensor";
import type { LayerOptions } from "../define-layer.js";
import type { Regularizer } from "./regularizer.js";

/** Adds the penalty of one parameter while training. Frozen parameters cost nothing, as nothing could lower the cost. */
export function penalize(
  { training, addPenalty }: LayerContext,
  { trainable }: LayerOptions,
  regularizer: Regularizer | undefined,
  weights: Tensor,
): void {
  if (training && trainable !== false && regularizer !== undefined) addPenalty(regularizer.penalty(weights));
}
