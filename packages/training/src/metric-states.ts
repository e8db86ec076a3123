import type { Device } from "@myelin/compiler";
import {
  type Metric,
  type MetricInput,
  make,
  mapRecord,
  parameter,
  type Shape,
  type StreamingMetric,
  sizeOf,
  type Tensor,
  want,
} from "@myelin/tensor";
import type { MetricValue } from "./data-forms.js";

type Tensors = Readonly<Record<string, Tensor>>;

/** The running state of some metrics, in variables that compiled steps update. */
export interface MetricStates {
  readonly states: readonly (readonly [metric: StreamingMetric, state: Tensors])[];
  readonly variables: readonly Tensor[];
}

/** For rows of predictions and targets of these shapes. */
export function metricStates(metrics: readonly Metric[], predictions: Shape, targets: Shape): MetricStates {
  const states = metrics
    .filter((metric) => !metric.collect)
    .map((metric) => {
      const shapes = metric.state([1, ...predictions], [1, ...targets]);
      want(shapes, `${metric.name}.state`, "shapes by name", shapes);
      return [
        metric,
        mapRecord(shapes, (shape, name) => parameter(`${metric.name}/${name}`, shape)),
      ] as const;
    });
  return { states, variables: states.flatMap(([, state]) => Object.values(state)) };
}

/** The new states after a batch. */
export function updateStates({ states }: MetricStates, input: MetricInput): Tensor[] {
  return states.flatMap(([metric, state]) => assignAll(metric.name, state, metric.update(state, input)));
}

export function resetStates({ variables }: MetricStates, device: Device): void {
  for (const variable of variables) device.write(variable, new Float32Array(sizeOf(variable.shape)));
}

export function scoresOf({ states }: MetricStates, device: Device): Record<string, MetricValue> {
  return Object.fromEntries(
    states.map(([metric, state]) => [
      metric.name,
      scoreOf(metric, metric.result(mapRecord(state, (variable) => device.read(variable)))),
    ]),
  );
}

export function scoreOf({ name }: Metric, score: MetricValue): MetricValue {
  const isScore = typeof score === "number" || Array.isArray(score);
  want(isScore, `${name}.result`, "a number, or rows of numbers", score);
  return score;
}

/** New values for variables of the same names, as `update` of a metric or of the optimizer returned them. */
export function assignAll(owner: string, variables: Tensors, values: Tensors | undefined): Tensor[] {
  return Object.entries(variables).map(([name, variable]) =>
    make("assign", [variable, values?.[name] as Tensor], {}, `${owner}.update: ${name}`),
  );
}
