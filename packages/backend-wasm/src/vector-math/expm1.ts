import { after, type Expr, f32x4, i32, i32x4 } from "../assembler/index.js";
import { exponentialOfRest, reduce } from "./exponential.js";
import { multiplyAdd } from "./polynomial.js";
import type { VectorContext } from "./vector-context.js";

/**
 * `e^x - 1 = 2^n (e^r - 1) + (2^n - 1)`, which keeps all digits of a small x (n = 0).
 * Scaled by a half on the way, because 2^128 is needed just below the overflow at 88.72283.
 */
export function expm1(context: VectorContext, x: Expr<"v128">): Expr<"v128"> {
  const { constant } = context;
  const value = context.local();
  const turns = context.local();
  const rest = context.local();
  const scale = context.local();
  const half = context.local();
  return after(
    [
      // Far enough for -1 and infinity; in this argument order NaN passes.
      value.set(f32x4.pmax(f32x4.pmin(x, constant(89)), constant(-64))),
      reduce(context, value.get(), turns, rest),
      scale.set(i32x4.add(i32x4.shl(turns.get(), i32.const(23)), context.integer(126 << 23))),
      half.set(
        multiplyAdd(
          context,
          exponentialOfRest(context, rest),
          scale.get(),
          f32x4.sub(scale.get(), constant(0.5)),
        ),
      ),
    ],
    f32x4.add(half.get(), half.get()),
  );
}
