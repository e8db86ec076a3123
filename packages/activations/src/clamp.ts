import { greaterOrEqual, lessOrEqual, select, type Tensor } from "@myelin/tensor";

/**
 * z between low and high, flat from the bounds on: the derivative is 0 at a bound itself, like that of relu at 0. (`clip` of
 * @myelin/tensor has 1 there.) NaN passes through.
 */
export function clamp(z: Tensor, low: number, high: number): Tensor {
  return select(lessOrEqual(z, low), low, select(greaterOrEqual(z, high), high, z));
}

export function clampNumber(z: number, low: number, high: number): number {
  return Math.min(Math.max(z, low), high);
}
