import { type Expr, f32x4 } from "../assembler/index.js";
import type { VectorContext } from "./vector-context.js";

/** `a * b + c`, rounded twice, or once where the context allows it. */
export function multiplyAdd(
  context: VectorContext,
  a: Expr<"v128">,
  b: Expr<"v128">,
  c: Expr<"v128">,
): Expr<"v128"> {
  return context.fused ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/**
 * `(..(c0 x + c1) x + ..) x + cn`, Horner's rule. Estrin's shorter dependency chains gain 4 to 15 % and cost accuracy.
 * `x` is read once per coefficient, so it should be the value of a local.
 */
export function polynomial(
  context: VectorContext,
  x: Expr<"v128">,
  coefficients: readonly number[],
): Expr<"v128"> {
  return coefficients
    .map((coefficient) => context.constant(coefficient))
    .reduce((sum, coefficient) => multiplyAdd(context, sum, x, coefficient));
}
