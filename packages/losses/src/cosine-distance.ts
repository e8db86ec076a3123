import { divide, type Loss, maximum, multiply, sqrt, subtract, sum, type Tensor } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * 1 - cos of the angle between prediction and target along the last axis: 0 for one direction, 1 for a right angle, 2 for
 * opposite directions; lengths do not matter. Lengths below 1e-6 count as 1e-6. (Keras's CosineSimilarity is this minus 1.)
 */
export const cosineDistance: Loss = defineLoss({
  name: "cosineDistance",
  perRow: (predictions, targets) => {
    const y = alignTargets("cosineDistance", predictions, targets);
    const cosine = divide(sum(multiply(predictions, y), -1), multiply(length(predictions), length(y)));
    return meanPerRow(subtract(1, cosine));
  },
});

/** The bound stands inside of the root, whose derivative at 0 is infinite. */
function length(x: Tensor): Tensor {
  return sqrt(maximum(sum(x.square(), -1), 1e-12));
}
