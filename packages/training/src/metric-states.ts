import type { Device } from "@myelin/compiler";
import {
  assign,
  type Metric,
  type MetricInput,
  type MetricState,
  parameter,
  type Shape,
  type StreamingMetric,
  sizeOf,
  type Tensor,
} from "@myelin/tensor";
import type { MetricValue } from "./data-forms.js";

type State = Readonly<Record<string, Tensor>>;

/** The running state of some metrics, in variables that compiled steps update. */
export class MetricStates {
  readonly #metrics: readonly (readonly [StreamingMetric, State])[];

  constructor(metrics: readonly Metric[], predictions: Shape, targets: Shape) {
    this.#metrics = metrics.filter(isStreaming).map((metric) => {
      const shapes = Object.entries(metric.state(predictions, targets));
      return [
        metric,
        Object.fromEntries(shapes.map(([name, shape]) => [name, parameter(`${metric.name}/${name}`, shape)])),
      ];
    });
  }

  /** The new states after a batch. */
  update(input: MetricInput): Tensor[] {
    return this.#metrics.flatMap(([metric, state]) =>
      Object.entries(metric.update(state, input)).map(([name, value]) =>
        assign(state[name] as Tensor, value),
      ),
    );
  }

  reset(device: Device): void {
    for (const variable of this.#variables())
      device.write(variable, new Float32Array(sizeOf(variable.shape)));
  }

  results(device: Device): Record<string, MetricValue> {
    return Object.fromEntries(
      this.#metrics.map(([metric, state]) => {
        const numbers: MetricState = Object.fromEntries(
          Object.entries(state).map(([name, variable]) => [name, device.read(variable)]),
        );
        return [metric.name, metric.result(numbers)];
      }),
    );
  }

  release(device: Device): void {
    for (const variable of this.#variables()) device.release(variable);
  }

  #variables(): Tensor[] {
    return this.#metrics.flatMap(([, state]) => Object.values(state));
  }
}

function isStreaming(metric: Metric): metric is StreamingMetric {
  return metric.collect !== true;
}
