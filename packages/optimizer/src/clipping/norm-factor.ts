import { divide, less, maximum, select, sqrt, type Tensor } from "@myelin/tensor";

/**
 * limit / max(norm, limit), from the sum of squares. NaN where the norm is not finite: 1 / Infinity would turn all other
 * gradients into 0, and the run would go on as if nothing had happened.
 */
export function normFactor(sumOfSquares: Tensor, limit: number): Tensor {
  const norm = sqrt(sumOfSquares);
  return select(less(norm, Infinity), divide(limit, maximum(norm, limit)), Number.NaN);
}
