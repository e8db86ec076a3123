import { after, type Expr, f32x4 } from "../assembler/index.js";
import { polynomial } from "./polynomial.js";
import type { VectorContext } from "./vector-context.js";

/** Coefficients, highest power first, of the odd function `x N(x^2) / D(x^2)` on [-limit, limit]. */
export interface OddRational {
  readonly limit: number;
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

/** An odd function that is constant, up to rounding, beyond the limit. NaN passes. */
export function oddRational(context: VectorContext, x: Expr<"v128">, rational: OddRational): Expr<"v128"> {
  const { constant } = context;
  const value = context.local();
  const square = context.local();
  return after(
    [
      // In this argument order NaN passes.
      value.set(f32x4.pmax(f32x4.pmin(x, constant(rational.limit)), constant(-rational.limit))),
      square.set(f32x4.mul(value.get(), value.get())),
    ],
    // The quotient first: x times the numerator alone would be denormal for small x.
    f32x4.mul(
      value.get(),
      f32x4.div(
        polynomial(context, square.get(), rational.numerator),
        polynomial(context, square.get(), rational.denominator),
      ),
    ),
  );
}
