import { f32x4, i32x4, v128 } from "../assembler/index.js";
import { exponential } from "./exponential.js";
import type { Vector, VectorContext } from "./vector-context.js";

/**
 * `e^x = 2^n e^r`, by adding n to the exponent bits of e^r.
 * Infinite above 88.72283, zero below -87.33654 (results that would be denormal), NaN for NaN.
 */
export function exp(context: VectorContext, x: Vector): Vector {
  /** Above this e^x is not finite in 32 bits, below the other it would be denormal. */
  const HIGHEST = 88.72283;
  const LOWEST = -87.33654;
  const { constant, keep } = context;
  const value = keep(x);
  const { ofRest, exponent } = exponential(context, value);
  const power = i32x4.add(f32x4.add(ofRest, constant(1)), exponent);
  // x + infinity is what is left to give above the range: infinity, or NaN when x is one.
  const beyond = f32x4.add(value, constant(Infinity));
  const whole = v128.bitselect(power, beyond, f32x4.le(value, constant(HIGHEST)));
  return v128.andnot(whole, f32x4.lt(value, constant(LOWEST)));
}
