import {
  broadcastTo,
  freeAxes,
  make,
  type Node,
  reshape,
  sizeOf,
  type Tensor,
  transpose,
} from "@myelin/tensor";

/** A sum over one element is a product with broadcasting, which can join other element-wise kernels. */
export function outerProduct(node: Node<"contract">): Tensor | undefined {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = node.attributes;
  const [left, right] = node.inputs as [Tensor, Tensor];
  if (sizeOf(leftContracted.map((axis) => left.shape[axis] as number)) > 1) return undefined;
  const rows = leftBatch.length;
  const columns = rows + freeAxes(left.shape.length, leftBatch, leftContracted).length;
  const spread = (
    x: Tensor,
    batch: readonly number[],
    contracted: readonly number[],
    hasAxis: (axis: number) => boolean,
  ) => {
    const order = [...batch, ...freeAxes(x.shape.length, batch, contracted), ...contracted];
    const extents = node.shape.map((extent, axis) => (hasAxis(axis) ? extent : 1));
    return broadcastTo(reshape(transpose(x, order), extents), node.shape);
  };
  const one = spread(left, leftBatch, leftContracted, (axis) => axis < columns);
  const other = spread(right, rightBatch, rightContracted, (axis) => axis < rows || axis >= columns);
  return make("multiply", [one, other], {});
}
