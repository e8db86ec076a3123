import { ArgumentError, ShapeError } from "./errors.js";
import { make } from "./make.js";
import { broadcastTo, reshape } from "./movement.js";
import { type ContractAttributes, freeAxes } from "./ops.js";
import { currentOrigin } from "./origin.js";
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
  const inner = a.shape.at(-1);
  const outer = b.shape.length === 1 ? b.shape[0] : b.shape.at(-2);
  if (a.dtype !== "f32" || b.dtype !== "f32") {
    throw new ArgumentError(
      "matmul",
      "two tensors of dtype f32",
      `${a.dtype} and ${b.dtype}`,
      'Convert with cast(x, "f32").',
    );
  }
  if (a.shape.length === 0 || b.shape.length === 0 || inner !== outer) {
    throw mismatch(
      a,
      b,
      `the last extent of the left operand (${inner}) and the inner extent of the right one (${outer}) to be equal`,
    );
  }
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  // A right operand without batch axes needs no batch: all leading axes of the left one are rows.
  if (batchB.length === 0) {
    return contract(a, b, {
      leftContracted: [a.shape.length - 1],
      rightContracted: [Math.max(0, b.shape.length - 2)],
    });
  }
  const batch = broadcastShapes(batchA, batchB);
  if (batch === undefined) throw mismatch(a, b, "batch axes that broadcast");
  const matrix = a.shape.length === 1 ? reshape(a, [1, ...a.shape]) : a;
  const left = broadcastTo(matrix, [...batch, ...matrix.shape.slice(-2)]);
  const right = broadcastTo(b, [...batch, ...b.shape.slice(-2)]);
  const axes = batch.map((_, axis) => axis);
  const product = contract(left, right, {
    leftBatch: axes,
    rightBatch: axes,
    leftContracted: [batch.length + 1],
    rightContracted: [batch.length],
  });
  return a.shape.length === 1 ? reshape(product, [...batch, b.shape.at(-1) as number]) : product;
}

/** The general product: sums over pairs of contracted axes, keeps batch axes. Result: batch, free left, free right. */
export function contract(a: Tensor, b: Tensor, axes: Partial<ContractAttributes>): Tensor {
  return make("contract", [a, b], {
    leftBatch: axes.leftBatch ?? [],
    rightBatch: axes.rightBatch ?? [],
    leftContracted: axes.leftContracted ?? [],
    rightContracted: axes.rightContracted ?? [],
  });
}

/**
 * Contracts and returns the result's axes in terms of the operands: which axis of the result holds which free axis.
 * The gradient of `contract` needs it to put axes back in their places.
 */
export function resultAxes(
  a: Tensor,
  b: Tensor,
  axes: ContractAttributes,
): { left: Map<number, number>; right: Map<number, number> } {
  const left = new Map<number, number>();
  const right = new Map<number, number>();
  let next = 0;
  axes.leftBatch.forEach((axis, i) => {
    left.set(axis, next);
    right.set(axes.rightBatch[i] as number, next++);
  });
  for (const axis of freeAxes(a.shape.length, axes.leftBatch, axes.leftContracted)) left.set(axis, next++);
  for (const axis of freeAxes(b.shape.length, axes.rightBatch, axes.rightContracted)) right.set(axis, next++);
  return { left, right };
}

function mismatch(a: Tensor, b: Tensor, expected: string): ShapeError {
  return new ShapeError({
    operation: "matmul",
    expected,
    received: [a.shape, b.shape],
    path: currentOrigin(),
    hint: "Transpose or reshape one of them.",
  });
}
