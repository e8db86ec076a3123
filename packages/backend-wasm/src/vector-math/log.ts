import { f32x4, v128 } from "../assembler/index.js";
import { logarithm, split } from "./logarithm.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** Natural logarithm. Denormal numbers count; -inf at 0, NaN below. */
export function log(context: VectorContext, x: Vector): Vector {
  const { constant, keep } = context;
  const value = keep(x);
  const denormal = keep(f32x4.lt(value, constant(2 ** -126)));
  const normal = v128.bitselect(f32x4.mul(value, constant(2 ** 23)), value, denormal);
  const { exponent, fraction } = split(context, normal);
  const whole = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(denormal, constant(23)));
  return logarithm(context, fraction, whole, value);
}
