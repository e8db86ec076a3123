import type { Loss } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * Mean of (prediction - target)² over the outputs of a row.
 *
 * Gradient: 2 (prediction - target) / outputs, so one far outlier outweighs many small errors. The best constant
 * prediction is the mean of the targets. (scikit-learn's losses are half of this.) Legendre 1805.
 */
export const meanSquaredError: Loss = defineLoss({
  name: "meanSquaredError",
  perRow: (predictions, targets) => {
    const error = predictions.subtract(alignTargets("meanSquaredError", predictions, targets));
    return meanPerRow(error.square());
  },
});
