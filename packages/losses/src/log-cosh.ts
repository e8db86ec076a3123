import {
  absolute,
  exp,
  expm1,
  type Loss,
  less,
  log1p,
  multiply,
  negate,
  select,
  subtract,
} from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * Mean of log(cosh(e)) over the outputs of a row, e = prediction - target: about e² / 2 near 0 and |e| - log 2 far out.
 *
 * Gradient: tanh(e) / outputs: a huber loss without a corner in its derivative.
 */
export const logCosh: Loss = defineLoss({
  name: "logCosh",
  perRow: (predictions, targets) => {
    const error = predictions.subtract(alignTargets("logCosh", predictions, targets));
    const size = absolute(error);
    const isNear = less(size, 1);
    // |e| + log1p(e^-2|e|) - log 2 overflows nowhere, but near 0 its parts cancel and only rounding errors are left. There,
    // cosh - 1 is a product: (e^|e| - 1) (1 - e^-|e|) / 2. Far out that would overflow, and what is not selected must not:
    // its gradient would be 0 times infinity.
    const inside = select(isNear, size, 0);
    const near = log1p(multiply(multiply(expm1(inside), expm1(negate(inside))), -0.5));
    const far = subtract(size.add(log1p(exp(multiply(size, -2)))), Math.LN2);
    return meanPerRow(select(isNear, near, far));
  },
});
