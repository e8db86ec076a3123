import { interpretGraph } from "./interpret.js";
import type { Tensor } from "./tensor.js";
import type { NestedNumbers } from "./typed-shape.js";

/** Computes one tensor now, in float32, and returns it as nested arrays (a number for a scalar). */
export function evaluate(tensor: Tensor): NestedNumbers {
  const [values] = interpretGraph([tensor], { precision: "f32" }) as [Float64Array];
  const nest = (depth: number, start: number, size: number): NestedNumbers => {
    const extent = tensor.shape[depth];
    if (extent === undefined) return values[start] as number;
    const inner = size / extent;
    return Array.from({ length: extent }, (_, i) => nest(depth + 1, start + i * inner, inner));
  };
  return nest(0, 0, values.length);
}
