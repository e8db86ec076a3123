import { f32x4 } from "../assembler/index.js";
import { exp } from "./exp.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** `1 / (1 + e^-x)`: exactly 0 and 1 at the ends, and relative accuracy in the left tail. */
export function sigmoid(context: VectorContext, x: Vector): Vector {
  const one = context.constant(1);
  return f32x4.div(one, f32x4.add(one, exp(context, f32x4.neg(x))));
}
