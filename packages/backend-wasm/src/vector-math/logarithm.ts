/**
 * The common part of log and log1p: `v = 2^e (1 + f)` with 1 + f in [sqrt(1/2), sqrt(2)), and
 * `ln(1 + f) = f - f^2 / 2 + f^3 P(f)`. Source: Cephes, logf.c (Moshier).
 */
import { f32x4, i32, i32x4, type Local, v128 } from "../assembler/index.js";
import { LN2_HIGH, LN2_LOW } from "./exponential.js";
import { multiplyAdd, polynomial } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** The bits of sqrt(1/2): counting from there, the exponent changes where 1 + f does. */
const BITS_OF_SQRT_HALF = 0x3f3504f3;

/** The integer e and the float f of a positive normal value. */
export function split(
  { constant, integer, keep }: VectorContext,
  value: Vector,
): { readonly exponent: Local<"v128">; readonly fraction: Local<"v128"> } {
  const bits = keep(i32x4.sub(value, integer(BITS_OF_SQRT_HALF)));
  const scaled = i32x4.add(v128.and(bits, integer(0x7fffff)), integer(BITS_OF_SQRT_HALF));
  return {
    fraction: keep(f32x4.sub(scaled, constant(1))),
    exponent: keep(i32x4.shr_s(bits, i32.const(23))),
  };
}

/**
 * `ln(1 + f) + e ln 2`, with e as a float; but what the logarithm of `value` is where that is not a number or not finite: NaN
 * below 0 and for NaN, -inf at 0, inf at inf.
 */
export function logarithm(context: VectorContext, fraction: Vector, exponent: Vector, value: Vector): Vector {
  const { constant, keep } = context;
  const f = keep(fraction);
  const e = keep(exponent);
  const square = keep(f32x4.mul(f, f));
  const p = polynomial(
    context,
    f,
    [
      7.0376836e-2, -1.151461e-1, 1.16769987e-1, -1.2420141e-1, 1.4249323e-1, -1.6668058e-1, 2.00007148e-1,
      -2.4999994e-1, 3.333333e-1,
    ],
  );
  // Small terms first.
  const small = multiplyAdd(context, e, constant(LN2_LOW), f32x4.mul(f32x4.mul(p, f), square));
  const corrected = f32x4.sub(small, f32x4.mul(square, constant(0.5)));
  const finite = multiplyAdd(context, e, constant(LN2_HIGH), f32x4.add(f, corrected));
  const infinity = constant(Infinity);
  // All bits set, where value differs from 0, are a NaN.
  const atMostZero = v128.or(f32x4.ne(value, constant(0)), constant(-Infinity));
  return v128.bitselect(
    infinity,
    v128.bitselect(finite, atMostZero, f32x4.gt(value, constant(0))),
    f32x4.eq(value, infinity),
  );
}
