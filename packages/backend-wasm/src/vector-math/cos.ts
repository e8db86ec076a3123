import { circular } from "./circular.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** Cosine, for |x| up to 2^20; NaN beyond. */
export function cos(context: VectorContext, x: Vector): Vector {
  return circular(context, x, 1);
}
