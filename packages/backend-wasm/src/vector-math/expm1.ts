import { f32x4, i32x4 } from "../assembler/index.js";
import { exponential } from "./exponential.js";
import { multiplyAdd } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/**
 * `e^x - 1 = 2^n (e^r - 1) + (2^n - 1)`, which keeps all digits of a small x (n = 0).
 * Scaled by a half on the way, because 2^128 is needed just below the overflow at 88.72283.
 */
export function expm1(context: VectorContext, x: Vector): Vector {
  const { constant, integer, keep } = context;
  // Far enough for -1 and infinity; in this argument order NaN passes.
  const value = keep(f32x4.pmax(f32x4.pmin(x, constant(89)), constant(-64)));
  const { ofRest, exponent } = exponential(context, value);
  const scale = keep(i32x4.add(exponent, integer(126 << 23)));
  const half = keep(multiplyAdd(context, ofRest, scale, f32x4.sub(scale, constant(0.5))));
  return f32x4.add(half, half);
}
