import { type Initializer, type Shape, sizeOf } from "@myelin/tensor";
import { wantFinite } from "../arguments.js";

/** All zeros: for biases. (Weights that start at zero all learn the same.) */
export const zeros: Initializer = { config: { kind: "zeros" }, generate: (shape) => filled(shape, 0) };

/** All ones: for learned scales. */
export const ones: Initializer = { config: { kind: "ones" }, generate: (shape) => filled(shape, 1) };

/** One value everywhere. */
export function constant(value: number): Initializer {
  wantFinite("constant", "value", value);
  return { config: { kind: "constant", arguments: [value] }, generate: (shape) => filled(shape, value) };
}

function filled(shape: Shape, value: number): Float32Array {
  return new Float32Array(sizeOf(shape)).fill(value);
}
