import { f32x4, type Local } from "../assembler/index.js";
import { multiplyAdd } from "./polynomial.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** The integer next to `x * factor`: as the low bits of `bits`, and as a float. */
export function nearestInteger(
  context: VectorContext,
  x: Vector,
  factor: number,
): [bits: Local<"v128">, n: Local<"v128">] {
  /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits of the sum. */
  const ROUNDING_MAGIC = 12582912;
  const { constant, keep } = context;
  const bits = keep(multiplyAdd(context, x, constant(factor), constant(ROUNDING_MAGIC)));
  return [bits, keep(f32x4.sub(bits, constant(ROUNDING_MAGIC)))];
}
