import {
  ArgumentError,
  add,
  argmax,
  cast,
  equal,
  expandDims,
  greater,
  iota,
  less,
  type MetricInput,
  mean,
  multiply,
  reshape,
  ShapeError,
  type StreamingMetric,
  select,
  sum,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { formOf } from "./decisions.js";
import { weightedMean } from "./weighted-mean.js";

export interface TopKAccuracyOptions {
  /** How many of the largest outputs count. Default 5. */
  readonly k?: number | undefined;
  /** The key among the results. Default "top5Accuracy" for k = 5. */
  readonly name?: string | undefined;
}

/**
 * Share of decisions whose right class is among the k largest outputs. Among equal outputs the lower index comes first, so
 * k = 1 is `accuracy`, and a network with equal outputs for all classes is not always right. Throws `ArgumentError` unless
 * k is a whole number of at least 1, `ShapeError` for a network with a single output.
 */
export function topKAccuracy(options: TopKAccuracyOptions = {}): StreamingMetric {
  const { k, name } = withDefaults("topKAccuracy", options, { k: 5, name: undefined });
  if (!(Number.isInteger(k) && k >= 1))
    throw new ArgumentError("topKAccuracy", "a whole number of at least 1 as k", k);
  return weightedMean({
    kind: "topKAccuracy",
    name: name ?? `top${k}Accuracy`,
    options: { k },
    perRow: (input) => {
      const rows = input.predictions.shape[0] as number;
      return mean(reshape(select(less(placeOfTruth(input), k), 1, 0), [rows, -1]), 1);
    },
  });
}

/** How many classes come before the right one, f32 [rows, ..]. NaN counts as last. */
function placeOfTruth({ predictions, targets }: MetricInput): Tensor {
  const { shape } = predictions;
  const form = formOf("topKAccuracy", shape, targets.shape);
  if (form === "binary") {
    throw new ShapeError({
      operation: "topKAccuracy",
      expected: "at least two outputs, one for each class",
      received: [shape],
    });
  }
  const truth =
    form === "rows" ? argmax(cast(targets, "f32")) : reshape(cast(targets, "i32"), shape.slice(0, -1));
  const index = iota(shape);
  const label = expandDims(truth, -1);
  const own = sum(select(equal(index, label), predictions, 0), -1, { keepDims: true });
  const ahead = select(greater(predictions, own), 1, 0);
  const tied = multiply(select(equal(predictions, own), 1, 0), select(less(index, label), 1, 0));
  const place = sum(add(ahead, tied), -1);
  const isNumber = equal(own, own);
  return select(reshape(isNumber, place.shape), place, Infinity);
}
