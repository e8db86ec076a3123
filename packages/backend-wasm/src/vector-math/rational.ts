import { f32x4 } from "../assembler/index.js";
import { polynomial } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/**
 * The odd function `x N(x^2) / D(x^2)` on [-limit, limit], coefficients of N and D with the highest power first. Beyond, it is
 * what it is at the limit. NaN passes.
 */
export function oddRational(
  context: VectorContext,
  x: Vector,
  limit: number,
  numerator: readonly number[],
  denominator: readonly number[],
): Vector {
  const { constant, keep } = context;
  // In this argument order NaN passes.
  const value = keep(f32x4.pmax(f32x4.pmin(x, constant(limit)), constant(-limit)));
  const square = keep(f32x4.mul(value, value));
  // The quotient first: x times the numerator alone would be denormal for small x.
  return f32x4.mul(
    value,
    f32x4.div(polynomial(context, square, numerator), polynomial(context, square, denominator)),
  );
}
