import { broadcastTo, freeAxes, make, type Node, reshape, type Tensor, transpose } from "@myelin/tensor";

/** A sum over one element is a product with broadcasting, which can join other element-wise kernels. */
export function outerProduct(node: Node<"contract">): Tensor {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = node.attributes;
  const [left, right] = [node.inputs[0] as Tensor, node.inputs[1] as Tensor];
  const leftFree = freeAxes(left.shape.length, leftBatch, leftContracted);
  const rightFree = freeAxes(right.shape.length, rightBatch, rightContracted);
  const laidOut = (
    operand: Tensor,
    batch: readonly number[],
    contracted: readonly number[],
    free: readonly number[],
  ) => transpose(operand, [...batch, ...free, ...contracted]);
  const extents = (operand: Tensor, axes: readonly number[]) =>
    axes.map((axis) => operand.shape[axis] as number);
  const ones = (axes: readonly number[]) => axes.map(() => 1);
  const rows = reshape(laidOut(left, leftBatch, leftContracted, leftFree), [
    ...extents(left, leftBatch),
    ...extents(left, leftFree),
    ...ones(rightFree),
  ]);
  const columns = reshape(laidOut(right, rightBatch, rightContracted, rightFree), [
    ...extents(right, rightBatch),
    ...ones(leftFree),
    ...extents(right, rightFree),
  ]);
  return make("multiply", [broadcastTo(rows, node.shape), broadcastTo(columns, node.shape)], {});
}
