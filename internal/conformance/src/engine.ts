import type { Tensor, Values } from "@myelin/tensor";
import { runStep } from "./run-step.js";

/** Values of tensors as the engine under test computes them: compiled to one program, run once, in float32. */
export function evaluateOnEngine(
  outputs: readonly Tensor[],
  values: ReadonlyMap<Tensor, Values> = new Map(),
): ArrayLike<number>[] {
  const named = Object.fromEntries(outputs.map((output, i) => [`output ${i}`, output]));
  const result = runStep({ name: "conformance", outputs: named, assignments: [] }, values).outputs;
  return outputs.map((_, i) => result[`output ${i}`] as ArrayLike<number>);
}
