import { after, type Expr, f32x4, i32, i32x4 } from "../assembler/index.js";
import { logarithmOfParts, orLimit, split } from "./logarithm.js";
import type { VectorContext } from "./vector-context.js";

/**
 * `ln(1 + x)`. What the rounding of 1 + x loses is computed exactly (Knuth, The Art of Computer Programming 2, 4.2.2,
 * two-sum) and added to the fraction, so that small x keep all their digits.
 */
export function log1p(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  const { constant, integer } = context;
  const value = context.local();
  const sum = context.local();
  const added = context.local();
  const lost = context.local();
  const exponent = context.local();
  const fraction = context.local();
  // 2^-e; beyond 2^100 nothing that was lost matters any more.
  const scale = i32x4.shl(i32x4.sub(integer(127), i32x4.min_s(exponent.get(), integer(100))), i32.const(23));
  return after(
    [
      value.set(x),
      sum.set(f32x4.add(value.get(), constant(1))),
      added.set(f32x4.sub(sum.get(), constant(1))),
      lost.set(
        f32x4.add(
          f32x4.sub(value.get(), added.get()),
          f32x4.sub(constant(1), f32x4.sub(sum.get(), added.get())),
        ),
      ),
      split(context, sum.get(), exponent, fraction),
      fraction.set(f32x4.add(fraction.get(), f32x4.mul(lost.get(), scale))),
      exponent.set(f32x4.convert_i32x4_s(exponent.get())),
    ],
    orLimit(context, logarithmOfParts(context, fraction, exponent), sum),
  );
}
