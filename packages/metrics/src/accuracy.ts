import {
  equal,
  type MetricInput,
  mean,
  reshape,
  type StreamingMetric,
  select,
  type Tensor,
} from "@myelin/tensor";
import { readDecisions } from "./decisions.js";
import { weightedMean } from "./weighted-mean.js";

/**
 * Share of right decisions. With one output: probability > 1/2 against targets 0 or 1. With several: the largest output
 * against a class index, or against the largest number of a row with one per class. The shapes decide.
 *
 * Several outputs that are a yes or no each (multi-label) look like classes: use `binaryAccuracy` for them.
 */
export const accuracy: StreamingMetric = weightedMean({
  kind: "accuracy",
  perRow: (input) => hits("accuracy", input),
});

/** 1 for each right decision, averaged over the positions of a row. */
export function hits(operation: string, input: MetricInput): Tensor {
  const { truth, decided } = readDecisions(operation, input);
  const rows = input.predictions.shape[0] as number;
  return mean(reshape(select(equal(truth, decided), 1, 0), [rows, -1]), 1);
}
