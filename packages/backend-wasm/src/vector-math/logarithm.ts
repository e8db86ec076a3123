/**
 * The common part of log and log1p: `v = 2^e (1 + f)` with 1 + f in [sqrt(1/2), sqrt(2)), and
 * `ln(1 + f) = f - f^2 / 2 + f^3 P(f)`. Source: Cephes, logf.c (Moshier).
 */
import {
  after,
  type Expr,
  f32x4,
  i32,
  i32x4,
  type Local,
  type Statements,
  v128,
} from "../assembler/index.js";
import { ln2High, ln2Low } from "./exponential.js";
import { multiplyAdd, polynomial } from "./polynomial.js";
import type { VectorContext } from "./vector-context.js";

const coefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];

/** The bits of sqrt(1/2): counting from there, the exponent changes where 1 + f does. */
const bitsOfSqrtHalf = 0x3f3504f3;

/** Sets `exponent` to the integer e and `fraction` to f, for a positive normal `value`. */
export function split(
  context: VectorContext,
  value: Expr<"v128">,
  exponent: Local<"v128">,
  fraction: Local<"v128">,
): Statements {
  const { constant, integer } = context;
  return [
    exponent.set(i32x4.sub(value, integer(bitsOfSqrtHalf))),
    fraction.set(i32x4.add(v128.and(exponent.get(), integer(0x7fffff)), integer(bitsOfSqrtHalf))),
    fraction.set(f32x4.sub(fraction.get(), constant(1))),
    exponent.set(i32x4.shr_s(exponent.get(), i32.const(23))),
  ];
}

/** `ln(1 + f) + e ln 2`, `e` now a float. */
export function logarithmOfParts(
  context: VectorContext,
  fraction: Local<"v128">,
  exponent: Local<"v128">,
): Expr<"v128"> {
  const { constant } = context;
  const f = fraction.get();
  const square = context.local();
  const cubic = f32x4.mul(f32x4.mul(polynomial(context, f, coefficients), f), square.get());
  // Small terms first.
  const small = multiplyAdd(context, exponent.get(), constant(ln2Low), cubic);
  const corrected = f32x4.sub(small, f32x4.mul(square.get(), constant(0.5)));
  return after(
    square.set(f32x4.mul(f, f)),
    multiplyAdd(context, exponent.get(), constant(ln2High), f32x4.add(f, corrected)),
  );
}

/** What the logarithm is where it is not a number or not finite: NaN below 0 and for NaN, -inf at 0, inf at inf. */
export function orLimit(context: VectorContext, logarithm: Expr<"v128">, value: Local<"v128">): Expr<"v128"> {
  const { constant } = context;
  const infinity = constant(Number.POSITIVE_INFINITY);
  // All bits set, where value differs from 0, are a NaN.
  const atMostZero = v128.or(f32x4.ne(value.get(), constant(0)), constant(Number.NEGATIVE_INFINITY));
  return v128.bitselect(
    infinity,
    v128.bitselect(logarithm, atMostZero, f32x4.gt(value.get(), constant(0))),
    f32x4.eq(value.get(), infinity),
  );
}
