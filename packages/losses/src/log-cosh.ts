import { type Loss, softplus } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * Mean of log(cosh(e)) over the outputs of a row, e = prediction - target: about e² / 2 near 0 and |e| - log 2 far out.
 * Written as e + softplus(-2 e) - log 2, which does not overflow.
 *
 * Gradient: tanh(e) / outputs: a huber loss without a corner in its derivative.
 */
export const logCosh: Loss = defineLoss({
  name: "logCosh",
  perRow: (predictions, targets) => {
    const error = predictions.subtract(alignTargets("logCosh", predictions, targets));
    return meanPerRow(error.add(softplus(error.multiply(-2))).subtract(Math.LN2));
  },
});
