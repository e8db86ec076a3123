import { interpretGraph } from "./interpret.js";
import { nest } from "./nest.js";
import type { Tensor } from "./tensor.js";
import type { NestedNumbers } from "./typed-shape.js";

/** Computes one tensor now, in float32, and returns it as nested arrays (a number for a scalar). */
export function evaluate(tensor: Tensor): NestedNumbers {
  const [values] = interpretGraph([tensor], { precision: "f32" }) as [Float64Array];
  return nest(values, tensor.shape);
}
