import { absolute, type Loss } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * Mean of |prediction - target| over the outputs of a row.
 *
 * Gradient: the sign of the error / outputs (0 at 0), whatever its size. The best constant prediction is the median of the
 * targets. Boscovich 1757.
 */
export const meanAbsoluteError: Loss = defineLoss({
  name: "meanAbsoluteError",
  perRow: (predictions, targets) => {
    const error = predictions.subtract(alignTargets("meanAbsoluteError", predictions, targets));
    return meanPerRow(absolute(error));
  },
});
