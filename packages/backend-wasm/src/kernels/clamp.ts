import { type Expr, i32, type Local, select } from "../assembler/index.js";

export function smaller(a: Local<"i32">, b: number): Expr<"i32"> {
  return select(i32.lt_u(a, i32.const(b)), a, i32.const(b));
}

export function larger(a: Local<"i32">, b: number): Expr<"i32"> {
  return select(i32.gt_u(a, i32.const(b)), a, i32.const(b));
}
