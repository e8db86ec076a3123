import type { LayerContext, Tensor } from "@myelin/tensor";
import { ownParameter } from "../define-layer.js";
import type { Regularizer } from "./regularizer.js";

/** A parameter of the layer; its penalty is added while training. */
export function penalizedParameter(
  context: LayerContext,
  name: string,
  regularizer: Regularizer | undefined,
): Tensor {
  const weights = ownParameter(context, name);
  if (context.training && regularizer) context.addPenalty(regularizer.penalty(weights));
  return weights;
}
