import { broadcastTo, reshape, transpose } from "./movement.js";
import { freeAxes, type Node } from "./ops.js";
import { extentsOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** The contracted extents, as the left operand has them. */
export function contractedExtents({ inputs, attributes }: Node<"contract">): number[] {
  return extentsOf((inputs[0] as Tensor).shape, attributes.leftContracted);
}

/**
 * Both operands of a contraction, spread over the axes of the result and then the contracted ones: the contraction is the
 * sum over the latter (`inner`, which may be left out where they are all 1) of their product. Movements only, so nothing is
 * repeated in memory.
 */
export function spreadOperands(
  node: Node<"contract">,
  inner: readonly number[],
): readonly [left: Tensor, right: Tensor] {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = node.attributes;
  const spread = (
    x: Tensor,
    batch: readonly number[],
    contracted: readonly number[],
    first: number,
    end: number,
  ) => {
    const order = [...batch, ...freeAxes(x.shape, batch, contracted), ...contracted];
    const isOwn = (axis: number) => axis < batch.length || (axis >= first && axis < end);
    const extents = node.shape.map((extent, axis) => (isOwn(axis) ? extent : 1));
    return broadcastTo(reshape(transpose(x, order), [...extents, ...inner]), [...node.shape, ...inner]);
  };
  const [left, right] = node.inputs as [Tensor, Tensor];
  const columns = left.shape.length - leftContracted.length;
  return [
    spread(left, leftBatch, leftContracted, 0, columns),
    spread(right, rightBatch, rightContracted, columns, node.shape.length),
  ];
}
