import type { Expr } from "../assembler/index.js";
import { oddRational } from "./rational.js";
import type { VectorContext } from "./vector-context.js";

/**
 * Hyperbolic tangent as a quotient of polynomials of degree 13 and 6. Source: Eigen, ptanh_float; its last numerator
 * coefficient was 4.89352455891786e-3. With both last ones equal, tanh(x) = x for small x.
 */
export function tanh(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return oddRational(context, x, {
    limit: 7.905311107635498,
    numerator: [
      -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
      1.48572235717979e-5, 6.37261928875436e-4, 4.89352518554385e-3,
    ],
    denominator: [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
  });
}
