/**
 * The common part of exp and expm1: `x = n ln 2 + r` with |r| <= ln(2) / 2, and `e^r - 1 = r + r^2 P(r)`.
 * Source: Cephes, expf.c (Moshier).
 */
import { f32x4, i32, i32x4 } from "../assembler/index.js";
import { nearestInteger } from "./nearest-integer.js";
import { multiplyAdd, polynomial } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** ln 2 in two parts: n times the first is exact. */
export const LN2_HIGH = 0.693359375;
export const LN2_LOW = -2.1219444e-4;

/** `e^r - 1`, and n in the bits of an exponent. */
export function exponential(
  context: VectorContext,
  x: Vector,
): { readonly ofRest: Vector; readonly exponent: Vector } {
  const { constant, keep } = context;
  const [turns, n] = nearestInteger(context, x, Math.LOG2E);
  const high = f32x4.sub(x, f32x4.mul(n, constant(LN2_HIGH)));
  const r = keep(f32x4.sub(high, f32x4.mul(n, constant(LN2_LOW))));
  const p = polynomial(
    context,
    r,
    [1.9875691e-4, 1.39819995e-3, 8.333452e-3, 4.1665796e-2, 1.6666665e-1, 0.5],
  );
  return {
    ofRest: multiplyAdd(context, f32x4.mul(p, r), r, r),
    exponent: i32x4.shl(turns, i32.const(23)),
  };
}
