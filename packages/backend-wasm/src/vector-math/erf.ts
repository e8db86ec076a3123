import { oddRational } from "./rational.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** The error function as a quotient of polynomials of degree 13 and 10. Source: Eigen, generic_fast_erf_float. */
export function erf(context: VectorContext, x: Vector): Vector {
  return oddRational(
    context,
    x,
    4,
    [-2.7261423e-10, 2.7706814e-8, -2.101024e-6, -5.6925064e-5, -7.3499063e-4, -2.9546e-3, -1.6096033e-2],
    [-1.45660718e-5, -2.13374055e-4, -1.682827e-3, -7.3733292e-3, -1.4264739e-2],
  );
}
