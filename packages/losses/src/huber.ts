import { ArgumentError, absolute, type Loss, lessOrEqual, select, withDefaults } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

/**
 * Mean over the outputs of e² / 2 where |e| <= delta, else delta (|e| - delta / 2), with e = prediction - target.
 * Default delta: 1. Throws `ArgumentError` unless delta is above 0.
 *
 * Gradient: the error, cut off at ±delta: squares for what is near, no power for outliers. (PyTorch's HuberLoss;
 * SmoothL1Loss with beta is this divided by beta.) Huber 1964.
 */
export function huber(options: { readonly delta?: number | undefined } = {}): Loss {
  const { delta } = withDefaults("huber", options, { delta: 1 });
  if (!(Number.isFinite(delta) && delta > 0)) throw new ArgumentError("huber", "a delta above 0", delta);
  return defineLoss({
    name: "huber",
    options: { delta },
    perRow: (predictions, targets) => {
      const error = predictions.subtract(alignTargets("huber", predictions, targets));
      const size = absolute(error);
      const near = error.square().multiply(0.5);
      const far = size.subtract(delta / 2).multiply(delta);
      return meanPerRow(select(lessOrEqual(size, delta), near, far));
    },
  });
}
