import { wasm } from "@myelin/backend-wasm";
import {
  type Backend,
  type CompileOptions,
  compile,
  type Device,
  interpreter,
  type Step,
  verify,
} from "@myelin/compiler";
import { filled, inOrder, interpretGraph, type Node, type Tensor, type Values } from "@myelin/tensor";

/** The engine that this run of the suite proves; each vitest project sets the variable. */
export const engine: Backend = process.env.MYELIN_ENGINE === "wasm" ? wasm : interpreter;

export interface StepResult {
  readonly outputs: Readonly<Record<string, ArrayLike<number>>>;
  /** Contents of the assigned parameters, in the order of the assignments. */
  readonly assigned: readonly ArrayLike<number>[];
}

/** Compiles a step, gives parameters and inputs their values, runs it, and reads everything back. */
export function runStep(
  step: Step,
  values: ReadonlyMap<Tensor, Values>,
  options: CompileOptions & { steps?: number } = {},
): StepResult {
  const program = compile(step, options);
  verify(program);
  const device = engine.open();
  poison(device, program.scratchBytes);
  const executable = device.compile(program);
  for (const { place } of program.buffers) {
    if (place.kind === "variable") device.write(place.variable, values.get(place.variable) as Values);
  }
  for (const [tensor, value] of values) {
    if (tensor.op !== "input") continue;
    const { name } = (tensor as Node<"input">).attributes;
    if (program.inputs[name] !== undefined) executable.write(name, value);
  }
  executable.run(options.steps ?? 1);
  return {
    outputs: Object.fromEntries(Object.keys(step.outputs).map((name) => [name, executable.read(name)])),
    assigned: step.assignments.map((node) => device.read(node.inputs[0] as Tensor)),
  };
}

/**
 * Fills the scratch memory that the device's next program will use with NaN, so that what reads there before anything was
 * written gives itself away: all programs of a device use one scratch memory, and outputs lie in it.
 */
function poison(device: Device, scratchBytes: number): void {
  const size = Math.ceil(scratchBytes / 4) + 64;
  const step = { name: "poison", outputs: { all: filled([size], Number.NaN) }, assignments: [] };
  device.compile(compile(step)).run();
}

/** What the step means, by the graph interpreter. */
export function defineStep(
  step: Step,
  values: ReadonlyMap<Tensor, Values>,
  precision: "f32" | "f64" = "f32",
): StepResult {
  const names = Object.keys(step.outputs);
  const results = interpretGraph([...Object.values(step.outputs), ...step.assignments], {
    precision,
    values,
  });
  return {
    outputs: Object.fromEntries(names.map((name, i) => [name, results[i] as Float64Array])),
    assigned: results.slice(names.length),
  };
}

/** The largest difference, relative to the largest magnitude (at least 1); Infinity where NaN or infinities differ. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let scale = 1;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i] as number));
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    if (Object.is(a, b) || a === b) continue;
    largest = Math.max(
      largest,
      Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) / scale : Number.POSITIVE_INFINITY,
    );
  }
  return largest;
}

/** Everything under the outputs that has to be given a value. */
export function leavesOf(step: Step): Tensor[] {
  return inOrder([...Object.values(step.outputs), ...step.assignments]).filter(
    ({ op }) => op === "parameter" || op === "input",
  );
}
