import { f32x4 } from "../assembler/index.js";
import { polynomial } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/**
 * Hyperbolic tangent as a quotient of polynomials of degree 13 and 6. Source: Eigen, ptanh_float; its last numerator
 * coefficient was 4.89352455891786e-3. With both last ones equal, tanh(x) = x for small x.
 */
export function tanh(context: VectorContext, x: Vector): Vector {
  /** Beyond, the result is what it is here. */
  const LIMIT = 7.905311;
  const { constant, keep } = context;
  // In this argument order NaN passes.
  const value = keep(f32x4.pmax(f32x4.pmin(x, constant(LIMIT)), constant(-LIMIT)));
  const square = keep(f32x4.mul(value, value));
  const numerator = polynomial(
    context,
    square,
    [-2.76076848e-16, 2.000188e-13, -8.604672e-11, 5.1222971e-8, 1.48572236e-5, 6.3726193e-4, 4.893525e-3],
  );
  const denominator = polynomial(context, square, [1.1982584e-6, 1.1853471e-4, 2.26843463e-3, 4.893525e-3]);
  // The quotient first: x times the numerator alone would be denormal for small x.
  return f32x4.mul(value, f32x4.div(numerator, denominator));
}
