import {
  equal,
  greater,
  mean,
  reshape,
  type StreamingMetric,
  select,
  want,
  withDefaults,
} from "@myelin/tensor";
import { alignedTargets } from "./aligned-targets.js";
import { weightedMean } from "./weighted-mean.js";

export interface BinaryAccuracyOptions {
  /** A probability above it means yes. Default 0.5. */
  readonly threshold?: number | undefined;
  /** The key among the results. Default "binaryAccuracy". */
  readonly name?: string | undefined;
}

/**
 * Share of right yes-or-no decisions, each output on its own: probability > threshold against target > 1/2. For one output,
 * or for several that do not exclude each other (multi-label).
 */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): StreamingMetric {
  const { threshold, name } = withDefaults("binaryAccuracy", options, { threshold: 0.5, name: undefined });
  want(Number.isFinite(threshold), "binaryAccuracy", "a finite number as threshold", threshold);
  return weightedMean({
    kind: "binaryAccuracy",
    name,
    options: { threshold },
    perRow: ({ probabilities, targets }) => {
      const truth = alignedTargets("binaryAccuracy", probabilities, targets);
      const decided = select(greater(probabilities, threshold), 1, 0);
      const right = select(equal(decided, select(greater(truth, 0.5), 1, 0)), 1, 0);
      return mean(reshape(right, [probabilities.shape[0] as number, -1]), 1);
    },
  });
}
