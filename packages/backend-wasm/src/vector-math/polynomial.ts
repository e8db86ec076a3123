import { f32x4 } from "../assembler/index.js";
import type { Vector, VectorContext } from "./vector-context.js";

/** `a * b + c`, rounded twice, or once where the context allows it. */
export function multiplyAdd({ fused }: VectorContext, a: Vector, b: Vector, c: Vector): Vector {
  return fused ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/**
 * `(..(c0 x + c1) x + ..) x + cn`, Horner's rule. Estrin's shorter dependency chains gain 4 to 15 % and cost accuracy.
 * `x` is read once per coefficient, so it should be the value of a local. Coefficients are the shortest decimals of the
 * 32-bit floats in the source.
 */
export function polynomial(context: VectorContext, x: Vector, coefficients: readonly number[]): Vector {
  return coefficients
    .map(context.constant)
    .reduce((sum, coefficient) => multiplyAdd(context, sum, x, coefficient));
}
