import { make } from "./make.js";
import { broadcastTo } from "./movement.js";
import type { ContractAttributes } from "./ops.js";
import { broadcastShapes, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import type { Fits, MatrixProduct, ShapeOf } from "./typed-shape.js";
import { want, wantShapes, wantTensor } from "./want.js";
import { withDefaults } from "./with-defaults.js";

/**
 * Matrix product with NumPy's rules: [.., M, K] x [.., K, N] -> [.., M, N]. Batch axes broadcast; a vector on either side
 * is a row or a column whose axis vanishes from the result. Every element is summed over K in ascending order.
 */
export function matmul<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Fits<MatrixProduct<A, B>>,
): Tensor<ShapeOf<MatrixProduct<A, B>>>;
export function matmul(a: Tensor, b: Tensor): Tensor {
  wantTensor("matmul", a, b);
  const [left, right] = [a.shape, b.shape];
  // A right operand without batch axes needs no batch: all leading axes of the left one are rows.
  const batch = right.length > 2 ? broadcastShapes(left.slice(0, -2), right.slice(0, -2)) : [];
  wantShapes(batch, "matmul", "batch axes that broadcast", [left, right]);
  const batched = (x: Tensor) => (batch.length ? broadcastTo(x, [...batch, ...x.shape.slice(-2)]) : x);
  const [rows, columns] = [batched(a), batched(b)];
  const axes = [...batch.keys()];
  const attributes = {
    leftBatch: axes,
    rightBatch: axes,
    leftContracted: [rows.shape.length - 1],
    rightContracted: [Math.max(0, columns.shape.length - 2)],
  };
  return make("contract", [rows, columns], attributes, "matmul");
}

/** The general product: sums over pairs of contracted axes, keeps batch axes. Result: batch, free left, free right. */
export function contract(a: Tensor, b: Tensor, axes: Partial<ContractAttributes>): Tensor {
  const attributes: ContractAttributes = withDefaults("contract", axes, {
    leftBatch: [],
    rightBatch: [],
    leftContracted: [],
    rightContracted: [],
  });
  const { leftBatch, rightBatch, leftContracted, rightContracted } = attributes;
  for (const [name, list] of Object.entries(attributes))
    want(Array.isArray(list), "contract", `axes in an array as ${name}`, list);
  for (const axes of [
    [...leftBatch, ...leftContracted],
    [...rightBatch, ...rightContracted],
  ])
    want(new Set(axes).size === axes.length, "contract", "every axis once", axes);
  return make("contract", [a, b], attributes);
}
