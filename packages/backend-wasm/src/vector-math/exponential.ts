/**
 * The common part of exp and expm1: `x = n ln 2 + r` with |r| <= ln(2) / 2, and `e^r - 1 = r + r^2 P(r)`.
 * Source: Cephes, expf.c (Moshier).
 */
import { type Expr, f32x4, type Local, type Statements } from "../assembler/index.js";
import { multiplyAdd, polynomial } from "./polynomial.js";
import type { VectorContext } from "./vector-context.js";

/** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits of the sum. */
export const roundingMagic = 12582912;

/** ln 2 in two parts: n times the first is exact. */
export const ln2High = 0.693359375;
export const ln2Low = -2.1219444e-4;

const coefficients = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
];

/** Sets `turns` to n, as bits above the rounding magic, and `rest` to r. */
export function reduce(
  context: VectorContext,
  x: Expr<"v128">,
  turns: Local<"v128">,
  rest: Local<"v128">,
): Statements {
  const { constant } = context;
  const n = context.local();
  return [
    turns.set(multiplyAdd(context, x, constant(Math.LOG2E), constant(roundingMagic))),
    n.set(f32x4.sub(turns.get(), constant(roundingMagic))),
    rest.set(f32x4.sub(x, f32x4.mul(n.get(), constant(ln2High)))),
    rest.set(f32x4.sub(rest.get(), f32x4.mul(n.get(), constant(ln2Low)))),
  ];
}

/** `e^r - 1`. */
export function exponentialOfRest(context: VectorContext, rest: Local<"v128">): Expr<"v128"> {
  const r = rest.get();
  return multiplyAdd(context, f32x4.mul(polynomial(context, r, coefficients), r), r, r);
}
