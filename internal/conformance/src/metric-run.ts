import { compile } from "@myelin/compiler";
import {
  assign,
  type DType,
  input,
  parameter,
  type Shape,
  type StreamingMetric,
  sizeOf,
  type Tensor,
} from "@myelin/tensor";
import { engine } from "./run-step.js";

/** Rows for a metric; all arrays are flat. */
export interface Rows {
  readonly predictions: readonly number[];
  readonly probabilities: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** What one row looks like. */
export interface RowForm {
  readonly predictions: Shape;
  readonly targets: Shape;
  readonly dtype?: DType;
}

/** The result of a metric after batches of the given sizes, on the engine under test. */
export function runMetric(
  metric: StreamingMetric,
  form: RowForm,
  rows: Rows,
  batches: readonly number[],
): ReturnType<StreamingMetric["result"]> {
  const device = engine.open();
  const one = { predictions: [1, ...form.predictions], targets: [1, ...form.targets] };
  const variables = Object.entries(metric.state(one.predictions, one.targets)).map(
    ([name, shape]) => [name, parameter(name, shape)] as const,
  );
  const state = Object.fromEntries(variables);
  for (const [, variable] of variables) device.write(variable, new Float32Array(sizeOf(variable.shape)));
  let start = 0;
  for (const count of batches) {
    const inputs = {
      predictions: input("predictions", [count, ...form.predictions]),
      probabilities: input("probabilities", [count, ...form.predictions]),
      targets: input("targets", [count, ...form.targets], form.dtype),
      weights: input("weights", [count]),
    };
    const next = metric.update(state, inputs);
    const assignments = variables.map(([name, variable]) => assign(variable, next[name] as Tensor));
    const program = compile({ name: "metric", outputs: {}, assignments });
    const executable = device.compile(program);
    for (const [name, tensor] of Object.entries(inputs)) {
      if (program.inputs[name] === undefined) continue;
      const width = sizeOf(tensor.shape) / count;
      executable.write(name, rows[name as keyof Rows].slice(start * width, (start + count) * width));
    }
    executable.run();
    start += count;
  }
  return metric.result(
    Object.fromEntries(variables.map(([name, variable]) => [name, device.read(variable)])),
  );
}
