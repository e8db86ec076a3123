import type { Expr } from "../assembler/index.js";
import { circular } from "./circular.js";
import type { VectorContext } from "./vector-context.js";

/** Cosine, for |x| up to 2^20; NaN beyond. */
export function cos(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return circular(context, x, 1);
}
