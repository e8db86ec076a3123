import { type Loss, lessOrEqual, select, subtract } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * Mean of max(0, 1 - target * prediction) over the outputs of a row; targets are -1 or 1, predictions any numbers.
 *
 * Gradient: -target / outputs while the margin target * prediction is below 1, else 0: right answers with a margin teach
 * nothing more. Vapnik 1995 (support vector machines).
 */
export const hinge: Loss = defineLoss({
  name: "hinge",
  perRow: (predictions, targets) => {
    const missing = subtract(1, predictions.multiply(alignTargets("hinge", predictions, targets)));
    return meanPerRow(select(lessOrEqual(missing, 0), 0, missing));
  },
});
