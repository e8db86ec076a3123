import { contractedExtents, spreadOperands } from "./contraction-operands.js";
import { add } from "./elementwise.js";
import { everyIndex } from "./interpret.js";
import { make } from "./make.js";
import { reshape, slice, transpose } from "./movement.js";
import { freeAxes, type WindowRewrites } from "./ops.js";
import { type Shape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * Matrices times vectors, one pair for each of a batch whose members lie side by side in memory: a depthwise convolution (one
 * filter for each channel) and the gradient of its filters. As a contraction it would jump through memory for every
 * member; as a sum of element-wise products it has the batch in lanes.
 */
export const depthwise: WindowRewrites["contract"] = (node, strides) => {
  /** Sums of at most so many products are written out. */
  const FEW = 32;
  const { leftBatch, rightBatch, rightContracted } = node.attributes;
  const [left, right] = node.inputs as [Tensor, Tensor];
  const columns = freeAxes(right.shape, rightBatch, rightContracted);
  const [lanes = -1, ...others] = leftBatch.filter((axis) => left.shape[axis] !== 1);
  const hasColumns = columns.some((axis) => right.shape[axis] !== 1);
  if (hasColumns || others.length > 0 || strides?.[lanes] !== 1) return undefined;
  const inner = contractedExtents(node);
  const depths = inner.filter((extent) => extent !== 1);
  const factors = spreadOperands(node, inner).map((x) => reshape(x, [...node.shape, ...depths]));
  return sizeOf(depths) <= FEW
    ? writtenOut(factors, node.shape, depths)
    : inTwoSteps(factors, leftBatch.length, node.shape.length);
};

/** The sum over the last extents of both factors' product, one term after the other. */
function writtenOut(factors: readonly Tensor[], shape: Shape, depths: readonly number[]): Tensor {
  const terms: Tensor[] = [];
  everyIndex(depths, (cell) => {
    const start = [...shape.map(() => 0), ...cell];
    const size = [...shape, ...depths.map(() => 1)];
    const term = factors.map((factor) => reshape(slice(factor, start, size), shape));
    terms.push(make("multiply", term, {}));
  });
  return terms.reduce((sum, term) => add(sum, term));
}

/** The same by loops: along the last extent, then over the others, because rows of a window do not follow each other in memory. */
function inTwoSteps(factors: readonly Tensor[], batch: number, rank: number): Tensor {
  const behind = (axes: number[]) => [...axes.slice(batch), ...axes.slice(0, batch)];
  const axes = [...(factors[0] as Tensor).shape.keys()];
  // Rows, contracted extents, batch.
  const turned = factors.map((factor) => transpose(factor, behind(axes)));
  const contracted = axes.slice(rank - batch, axes.length - batch);
  const partial = make("sum", [make("multiply", turned, {})], { axes: contracted.slice(-1) });
  const total = make("sum", [partial], { axes: contracted.slice(0, -1) });
  const rows = rank - batch;
  return transpose(total, [...axes.slice(rows, rank), ...axes.slice(0, rows)]);
}
