import type { Device } from "@myelin/compiler";
import {
  assign,
  type Metric,
  type MetricInput,
  parameter,
  type Shape,
  type StreamingMetric,
  sizeOf,
  type Tensor,
} from "@myelin/tensor";
import type { MetricValue } from "./data-forms.js";

/** The running state of some metrics, in variables that compiled steps update. */
export interface MetricStates {
  readonly states: readonly {
    readonly metric: StreamingMetric;
    readonly state: Readonly<Record<string, Tensor>>;
  }[];
  readonly variables: readonly Tensor[];
}

/** For rows of predictions and targets of these shapes. */
export function metricStates(metrics: readonly Metric[], predictions: Shape, targets: Shape): MetricStates {
  const states = metrics.filter(isStreaming).map((metric) => {
    const shapes = Object.entries(metric.state([1, ...predictions], [1, ...targets]));
    const state = shapes.map(([name, shape]) => [name, parameter(`${metric.name}/${name}`, shape)] as const);
    return { metric, state: Object.fromEntries(state) };
  });
  return { states, variables: states.flatMap(({ state }) => Object.values(state)) };
}

/** The new states after a batch. */
export function updateStates({ states }: MetricStates, input: MetricInput): Tensor[] {
  return states.flatMap(({ metric, state }) => assignAll(state, metric.update(state, input)));
}

export function resetStates({ variables }: MetricStates, device: Device): void {
  for (const variable of variables) device.write(variable, new Float32Array(sizeOf(variable.shape)));
}

export function scoresOf({ states }: MetricStates, device: Device): Record<string, MetricValue> {
  return Object.fromEntries(
    states.map(({ metric, state }) => {
      const numbers = Object.entries(state).map(([name, variable]) => [name, device.read(variable)] as const);
      return [metric.name, metric.result(Object.fromEntries(numbers))];
    }),
  );
}

/** New values for variables of the same names. */
export function assignAll(
  variables: Readonly<Record<string, Tensor>>,
  values: Readonly<Record<string, Tensor>>,
): Tensor[] {
  return Object.entries(variables).map(([name, variable]) => assign(variable, values[name] as Tensor));
}

function isStreaming(metric: Metric): metric is StreamingMetric {
  return metric.collect !== true;
}
