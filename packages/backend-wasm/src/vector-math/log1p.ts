import { f32x4, i32, i32x4 } from "../assembler/index.js";
import { logarithm, split } from "./logarithm.js";
import type { Vector, VectorContext } from "./vector-context.js";

/**
 * `ln(1 + x)`. What the rounding of 1 + x loses is computed exactly (Knuth, The Art of Computer Programming 2, 4.2.2,
 * two-sum) and added to the fraction, so that small x keep all their digits.
 */
export function log1p(context: VectorContext, x: Vector): Vector {
  const { constant, integer, keep } = context;
  const value = keep(x);
  const sum = keep(f32x4.add(value, constant(1)));
  const added = keep(f32x4.sub(sum, constant(1)));
  const lost = f32x4.add(f32x4.sub(value, added), f32x4.sub(constant(1), f32x4.sub(sum, added)));
  const { exponent, fraction } = split(context, sum);
  // 2^-e; beyond 2^100 nothing that was lost matters any more.
  const scale = i32x4.shl(i32x4.sub(integer(127), i32x4.min_s(exponent, integer(100))), i32.const(23));
  const exact = f32x4.add(fraction, f32x4.mul(lost, scale));
  return logarithm(context, exact, f32x4.convert_i32x4_s(exponent), sum);
}
