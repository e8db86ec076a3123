import { after, type Expr, f32x4, i32, i32x4, v128 } from "../assembler/index.js";
import { exponentialOfRest, reduce } from "./exponential.js";
import type { VectorContext } from "./vector-context.js";

/** Above this e^x is not finite in 32 bits, below the other it would be denormal. */
const highest = 88.72283;
const lowest = -87.33654;

/**
 * `e^x = 2^n e^r`, by adding n to the exponent bits of e^r.
 * Infinite above 88.72283, zero below -87.33654 (results that would be denormal), NaN for NaN.
 */
export function exp(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  const { constant } = context;
  const value = context.local();
  const turns = context.local();
  const rest = context.local();
  const power = i32x4.add(
    f32x4.add(exponentialOfRest(context, rest), constant(1)),
    i32x4.shl(turns.get(), i32.const(23)),
  );
  // x + infinity is what is left to give above the range: infinity, or NaN when x is one.
  const whole = v128.bitselect(
    power,
    f32x4.add(value.get(), constant(Number.POSITIVE_INFINITY)),
    f32x4.le(value.get(), constant(highest)),
  );
  return after(
    [value.set(x), reduce(context, value.get(), turns, rest)],
    v128.andnot(whole, f32x4.lt(value.get(), constant(lowest))),
  );
}
