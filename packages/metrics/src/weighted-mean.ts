import {
  add,
  equal,
  type MetricInput,
  multiply,
  reshape,
  type StreamingMetric,
  select,
  sum,
  type Tensor,
  wantMembers,
  wantTensor,
} from "@myelin/tensor";
import { defineMetric, type MetricDefinition } from "./define-metric.js";

export interface WeightedMeanDefinition extends Omit<MetricDefinition, "state" | "update" | "result"> {
  /** One value per row, [rows]. */
  perRow(input: MetricInput): Tensor;
  /** From the mean to what is reported. Default: the mean itself. */
  finish?(mean: number): number;
}

/**
 * A metric that is the mean of one value per row, weighted by the weights of the rows: sum(w x) / sum(w) over all batches,
 * whatever their sizes. NaN before the first row.
 */
/* @__NO_SIDE_EFFECTS__ */
export function weightedMean(definition: WeightedMeanDefinition): StreamingMetric {
  wantMembers("weightedMean", "a definition { kind, perRow }", definition, ["kind", "perRow"]);
  const { perRow, finish = (mean) => mean, ...rest } = definition;
  return defineMetric({
    ...rest,
    state: () => ({ total: [], weight: [] }),
    update: ({ total, weight }, input) => ({
      total: add(total as Tensor, weightedSum(perRow(input), input.weights)),
      weight: add(weight as Tensor, sum(input.weights)),
    }),
    result: ({ total, weight }) => finish((total?.[0] as number) / (weight?.[0] as number)),
  });
}

/** Sum over rows (axis 0) of weight times value. Where the weight is 0 the value may be anything, even NaN. */
export function weightedSum(values: Tensor, weights: Tensor): Tensor {
  wantTensor("weightedSum", values, weights);
  const w = reshape(weights, [weights.shape[0] as number, ...values.shape.slice(1).map(() => 1)]);
  return sum(multiply(select(equal(w, 0), 0, values), w), 0);
}
