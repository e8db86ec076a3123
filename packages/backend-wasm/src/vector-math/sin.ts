import type { Expr } from "../assembler/index.js";
import { circular } from "./circular.js";
import type { VectorContext } from "./vector-context.js";

/** Sine, for |x| up to 2^20; NaN beyond. */
export function sin(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return circular(context, x, 0);
}
