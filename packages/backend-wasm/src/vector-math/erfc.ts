import { f32x4, i32x4, v128 } from "../assembler/index.js";
import { exponential } from "./exponential.js";
import { polynomial } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/**
 * The complementary error function: `e^(-x^2) t P(t)` with `t = 1 / (1 + |x| / 2)`, and 2 minus that below 0. The form is that
 * of Numerical Recipes (erfcc); the polynomial is a fit of our own to e^(x^2) erfc(x) / t, and 1 at 0.
 */
export function erfc(context: VectorContext, x: Vector): Vector {
  /** Above, erfc(x) would be denormal; this far, the exponential needs no care at its ends. */
  const HIGHEST = 9.19;
  const { constant, keep } = context;
  const value = keep(x);
  const size = keep(f32x4.abs(value));
  const one = constant(1);
  const t = keep(f32x4.div(one, f32x4.add(one, f32x4.mul(size, constant(0.5)))));
  const p = polynomial(
    context,
    t,
    [
      -0.05882443, 0.28337628, -0.48470458, 0.27519488, -0.024632987, 0.20183681, 0.24332067, 0.2823452,
      0.28208816,
    ],
  );
  const { ofRest, exponent } = exponential(context, keep(f32x4.neg(f32x4.mul(value, value))));
  const power = i32x4.add(f32x4.add(ofRest, one), exponent);
  const inside = v128.andnot(power, f32x4.gt(size, constant(HIGHEST)));
  const tail = keep(f32x4.mul(inside, f32x4.mul(t, p)));
  return v128.bitselect(f32x4.sub(constant(2), tail), tail, f32x4.lt(value, constant(0)));
}
