import { circular } from "./circular.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** Sine, for |x| up to 2^20; NaN beyond. */
export function sin(context: VectorContext, x: Vector): Vector {
  return circular(context, x, 0);
}
