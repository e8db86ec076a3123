/**
 * The common part of sin and cos: `x = n pi/2 + r` with |r| <= pi/4, and polynomials for sin r and cos r
 * (Cephes, sinf.c). The remainder is taken in doubles, with pi/2 in two parts of which n times the first is exact:
 * in floats it would have no correct digit where x comes close to a multiple of pi.
 */
import { f32x4, f64x2, i32, i32x4, v128 } from "../assembler/index.js";
import { lanesOf } from "./lanes.js";
import { nearestInteger } from "./nearest-integer.js";
import { multiplyAdd, polynomial } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** `sin(x + quarters pi/2)`. */
export function circular(context: VectorContext, x: Vector, quarters: number): Vector {
  /** Where n outgrows the reduction; beyond, the result is NaN. */
  const LIMIT = 2 ** 20;
  const { constant, integer, keep } = context;
  const value = keep(x);
  const [turns, n] = nearestInteger(context, value, 2 / Math.PI);
  const lower = remainder(context, value, n);
  const upper = remainder(context, upperHalf(value), upperHalf(n));
  const r = keep(lanesOf(lower, upper, [0, 1, 4, 5]));
  const z = keep(f32x4.mul(r, r));
  const quarter = keep(quarters === 0 ? turns : i32x4.add(turns, integer(quarters)));
  const s = polynomial(context, z, [-1.9515296e-4, 8.332161e-3, -1.6666655e-1]);
  const sine = multiplyAdd(context, f32x4.mul(s, z), r, r);
  const c = polynomial(context, z, [2.4433157e-5, -1.3887316e-3, 4.1666646e-2]);
  const cosine = f32x4.add(
    f32x4.sub(f32x4.mul(f32x4.mul(c, z), z), f32x4.mul(z, constant(0.5))),
    constant(1),
  );
  const odd = i32x4.eq(v128.and(quarter, integer(1)), integer(1));
  const sign = i32x4.shl(i32x4.shr_u(quarter, i32.const(1)), i32.const(31));
  return v128.or(
    v128.xor(v128.bitselect(cosine, sine, odd), sign),
    // All bits set are a NaN.
    f32x4.gt(f32x4.abs(value), constant(LIMIT)),
  );
}

/** `x - n pi/2` of the lower two lanes. */
function remainder({ double, keep }: VectorContext, x: Vector, n: Vector): Vector {
  const HALF_PI_HIGH = 1.5707963267341256;
  const HALF_PI_LOW = 6.077100506506192e-11;
  const count = keep(f64x2.promote_low_f32x4(n));
  const high = f64x2.sub(f64x2.promote_low_f32x4(x), f64x2.mul(count, double(HALF_PI_HIGH)));
  return f32x4.demote_f64x2_zero(f64x2.sub(high, f64x2.mul(count, double(HALF_PI_LOW))));
}

function upperHalf(value: Vector): Vector {
  return lanesOf(value, value, [2, 3, 2, 3]);
}
