import type { LayerContext, Tensor } from "@myelin/tensor";
import { ownParameter } from "../define-layer.js";
import type { Regularizer } from "./regularizer.js";

/**
 * A parameter of the layer; its penalty is added while training. Frozen parameters cost nothing, as nothing could lower the
 * cost.
 */
export function penalizedParameter(
  context: LayerContext,
  name: string,
  regularizer: Regularizer | undefined,
  trainable: boolean | undefined,
): Tensor {
  const weights = ownParameter(context, name);
  if (context.training && trainable !== false && regularizer)
    context.addPenalty(regularizer.penalty(weights));
  return weights;
}
