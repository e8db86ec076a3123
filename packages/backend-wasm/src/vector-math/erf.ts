import type { Expr } from "../assembler/index.js";
import { oddRational } from "./rational.js";
import type { VectorContext } from "./vector-context.js";

/** The error function as a quotient of polynomials of degree 13 and 10. Source: Eigen, generic_fast_erf_float. */
export function erf(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  return oddRational(context, x, {
    limit: 4,
    numerator: [
      -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5,
      -7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2,
    ],
    denominator: [
      -1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3,
      -1.42647390514189e-2,
    ],
  });
}
