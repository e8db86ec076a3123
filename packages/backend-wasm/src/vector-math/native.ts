/** Functions that are one instruction, in the shape of the others. */
import { type Expr, f32x4 } from "../assembler/index.js";
import type { VectorContext } from "./vector-context.js";

export function sqrt(_context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return f32x4.sqrt(x);
}

export function floor(_context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return f32x4.floor(x);
}

/** `1 / x` by division: the approximate instruction of x86 does not exist in WebAssembly. */
export function reciprocal(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return f32x4.div(context.constant(1), x);
}
