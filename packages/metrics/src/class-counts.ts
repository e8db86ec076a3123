import {
  add,
  greater,
  type MetricInput,
  multiply,
  oneHot,
  reshape,
  type Shape,
  type StreamingMetric,
  select,
  sum,
  type Tensor,
  want,
  withDefaults,
} from "@myelin/tensor";
import { alignedTargets } from "./aligned-targets.js";
import { formOf, readDecisions, yesOrNo } from "./decisions.js";
import { defineMetric } from "./define-metric.js";
import { weightedSum } from "./weighted-mean.js";

export interface ClassCountOptions {
  /** A probability above it means yes; for one output and for multiLabel. Default 0.5. */
  readonly threshold?: number | undefined;
  /**
   * How the numbers of several classes become one: "macro" is their mean, "weighted" their mean weighted by how often each
   * class is the truth, "micro" computes one number from the sums of the counts. Default "macro". No matter for one output.
   */
  readonly average?: "macro" | "micro" | "weighted" | undefined;
  /** Several outputs are a yes or no each, instead of classes that exclude each other. Default false. */
  readonly multiLabel?: boolean | undefined;
  /** The key among the results. Default: the name of the metric. */
  readonly name?: string | undefined;
}

/** For one class: how often it was decided rightly, decided at all, and the truth. */
export interface ClassCount {
  readonly hits: number;
  readonly decided: number;
  readonly actual: number;
}

/** Precision, recall and f1 are ratios of counts that are summed over all batches; a mean of ratios per batch would be wrong. */
export function classCountMetric(
  kind: string,
  options: ClassCountOptions,
  ratio: (count: ClassCount) => number,
): StreamingMetric {
  const { name, ...counting } = withDefaults(kind, options, {
    threshold: 0.5,
    average: "macro",
    multiLabel: false,
    name: undefined,
  });
  const { threshold, average, multiLabel } = counting;
  want(Number.isFinite(threshold), kind, "a finite number as threshold", threshold);
  const isAverage = ["macro", "micro", "weighted"].includes(average);
  want(isAverage, kind, 'average "macro", "micro" or "weighted"', average);
  return defineMetric({
    kind,
    name,
    options: counting,
    state: (predictions) => {
      const classes: Shape = [predictions.length >= 2 ? (predictions.at(-1) as number) : 1];
      return { hits: classes, decided: classes, actual: classes };
    },
    update: (state, input) => {
      const { decided, actual, weights } = indicators(kind, input, threshold, multiLabel);
      const plus = (name: string, values: Tensor) => {
        const sofar = state[name] as Tensor;
        const positions = reshape(weightedSum(values, weights), [-1, ...sofar.shape]);
        return add(sofar, sum(positions, 0));
      };
      return {
        hits: plus("hits", multiply(decided, actual)),
        decided: plus("decided", decided),
        actual: plus("actual", actual),
      };
    },
    result: (state) => {
      const column = (name: string) => state[name] as ArrayLike<number>;
      const counts = Array.from(column("hits"), (hits, i): ClassCount => {
        return { hits, decided: column("decided")[i] as number, actual: column("actual")[i] as number };
      });
      if (average === "micro") return ratio(counts.reduce(plusCount));
      const total = average === "macro" ? counts.length : counts.reduce(plusCount).actual;
      const sum = counts.reduce(
        (sum, count) => sum + ratio(count) * (average === "macro" ? 1 : count.actual),
        0,
      );
      return share(sum, total);
    },
  });
}

/** a / b, and 0 where there was nothing to count. */
export function share(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

function plusCount(a: ClassCount, b: ClassCount): ClassCount {
  return { hits: a.hits + b.hits, decided: a.decided + b.decided, actual: a.actual + b.actual };
}

interface Indicators {
  /** f32 [decisions, .., classes], 0 or 1. One output has one class, "yes". */
  readonly decided: Tensor;
  readonly actual: Tensor;
  readonly weights: Tensor;
}

function indicators(kind: string, input: MetricInput, threshold: number, multiLabel: boolean): Indicators {
  const { probabilities, predictions, targets, weights } = input;
  const binary = formOf(kind, predictions.shape, targets.shape) === "binary";
  if (!binary && !multiLabel) {
    const decisions = readDecisions(kind, input);
    const { classes } = decisions;
    return {
      decided: oneHot(decisions.decided, classes),
      actual: oneHot(decisions.truth, classes),
      weights: decisions.weights,
    };
  }
  if (binary) {
    const decisions = readDecisions(kind, input, threshold);
    const yes = (x: Tensor) => reshape(x, [-1, 1]).cast("f32");
    return { decided: yes(decisions.decided), actual: yes(decisions.truth), weights: decisions.weights };
  }
  const truth = alignedTargets(kind, probabilities, targets);
  return {
    decided: select(greater(probabilities, threshold), 1, 0),
    actual: yesOrNo(truth).cast("f32"),
    weights,
  };
}
