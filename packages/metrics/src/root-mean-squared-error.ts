import { mean, reshape, type StreamingMetric, square } from "@myelin/tensor";
import { alignedTargets } from "./aligned-targets.js";
import { weightedMean } from "./weighted-mean.js";

/**
 * Square root of the mean over all rows and outputs of (prediction - target)²: the size of a typical error, in the unit of
 * the targets. It is the root of the whole mean, not a mean of roots per batch.
 */
export const rootMeanSquaredError: StreamingMetric = weightedMean({
  kind: "rootMeanSquaredError",
  perRow: ({ predictions, targets }) => {
    const error = predictions.subtract(alignedTargets("rootMeanSquaredError", predictions, targets));
    return mean(reshape(square(error), [predictions.shape[0] as number, -1]), 1);
  },
  finish: Math.sqrt,
});
