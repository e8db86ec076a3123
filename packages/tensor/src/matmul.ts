import { ShapeError } from "./errors.js";
import { make } from "./make.js";
import { broadcastTo, reshape } from "./movement.js";
import type { ContractAttributes } from "./ops.js";
import { broadcastShapes, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import type { Fits, MatrixProduct, ShapeOf } from "./typed-shape.js";

/**
 * Matrix product with NumPy's rules: [.., M, K] x [.., K, N] -> [.., M, N]. Batch axes broadcast; a vector on either side
 * is a row or a column whose axis vanishes from the result. Every element is summed over K in ascending order.
 */
export function matmul<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Fits<MatrixProduct<A, B>>,
): Tensor<ShapeOf<MatrixProduct<A, B>>>;
export function matmul(a: Tensor, b: Tensor): Tensor {
  const [left, right] = [a.shape, b.shape];
  // A right operand without batch axes needs no batch: all leading axes of the left one are rows.
  if (right.length < 3) {
    const axes = { leftContracted: [left.length - 1], rightContracted: [Math.max(0, right.length - 2)] };
    return contract(a, b, axes, "matmul");
  }
  if (left.length === 1) {
    const product: Tensor = matmul(reshape(a, [1, ...left]) as Tensor, b);
    return reshape(product, [...product.shape.slice(0, -2), right.at(-1) as number]);
  }
  const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  if (batch === undefined)
    throw new ShapeError({
      operation: "matmul",
      expected: "batch axes that broadcast",
      received: [left, right],
    });
  const axes = [...batch.keys()];
  return contract(
    broadcastTo(a, [...batch, ...left.slice(-2)]),
    broadcastTo(b, [...batch, ...right.slice(-2)]),
    {
      leftBatch: axes,
      rightBatch: axes,
      leftContracted: [axes.length + 1],
      rightContracted: [axes.length],
    },
    "matmul",
  );
}

/**
 * The general product: sums over pairs of contracted axes, keeps batch axes. Result: batch, free left, free right.
 * Errors speak of `operation`.
 */
export function contract(
  a: Tensor,
  b: Tensor,
  axes: Partial<ContractAttributes>,
  operation = "contract",
): Tensor {
  const none = { leftBatch: [], rightBatch: [], leftContracted: [], rightContracted: [] };
  return make("contract", [a, b], { ...none, ...axes }, operation);
}
