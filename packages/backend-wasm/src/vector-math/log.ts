import { after, type Expr, f32x4, v128 } from "../assembler/index.js";
import { logarithmOfParts, orLimit, split } from "./logarithm.js";
import type { VectorContext } from "./vector-context.js";

/** Natural logarithm. Denormal numbers count; -inf at 0, NaN below. */
export function log(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  const { constant } = context;
  const value = context.local();
  const denormal = context.local();
  const exponent = context.local();
  const fraction = context.local();
  const normal = v128.bitselect(f32x4.mul(value.get(), constant(2 ** 23)), value.get(), denormal.get());
  return after(
    [
      value.set(x),
      denormal.set(f32x4.lt(value.get(), constant(2 ** -126))),
      split(context, normal, exponent, fraction),
      exponent.set(f32x4.sub(f32x4.convert_i32x4_s(exponent.get()), v128.and(denormal.get(), constant(23)))),
    ],
    orLimit(context, logarithmOfParts(context, fraction, exponent), value),
  );
}
