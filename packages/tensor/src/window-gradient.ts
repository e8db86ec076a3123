import { make } from "./make.js";
import { pad, reshape, reverse, transpose } from "./movement.js";
import { freeAxes, type Node, type WindowRewrites } from "./ops.js";
import type { Tensor } from "./tensor.js";
import { windowedShape } from "./windowed-shape.js";

type Rewrite = WindowRewrites["unwindow"];

/** Gradients of windows without adding to memory cell by cell. */
export const windowGradient: Rewrite = (node, simplified) =>
  disjoint(node, simplified) ?? asConvolution(node, simplified);

/**
 * Windows that tile their axis (stride = size, no dilation): every cell has one window, so adding back is putting back:
 * [.., positions, .., size] -> [.., positions, size, ..] -> [.., positions x size, ..], zeros for cells that no window covers.
 */
const disjoint: Rewrite = (node, simplified) => {
  const { windows, shape } = node.attributes;
  if (!windows.every(({ size, stride, dilation }) => stride === size && dilation === 1)) return undefined;
  const x = node.inputs[0] as Tensor;
  const covered = x.shape.slice(0, shape.length);
  const order = covered.map((_, axis) => [axis]);
  windows.forEach(({ axis, size }, i) => {
    covered[axis] = (covered[axis] as number) * size;
    order[axis]?.push(shape.length + i);
  });
  const tiled = reshape(transpose(x, order.flat()), covered);
  const none = shape.map(() => 0);
  const far = shape.map((extent, axis) => extent - (covered[axis] as number));
  return simplified(pad(tiled, none, far));
};

/**
 * unwindow(contract(dy, w)) with stride 1 is itself a convolution of the padded dy with the reversed kernel: cell i of the
 * input gradient is the sum over window cells k of dy[i - k dilation] w[k].
 */
const asConvolution: Rewrite = (node, simplified) => {
  const { windows, shape, rewrites } = node.attributes;
  const [moved] = node.inputs as [Tensor];
  // The cotangent of window() arrives through the permutation that put contracted axes back in their places.
  const isMoved = moved.op === "permute";
  const order = isMoved ? (moved as Node<"permute">).attributes.order : [...moved.shape.keys()];
  const product = isMoved ? (moved.inputs[0] as Tensor) : moved;
  if (product.op !== "contract" || windows.some(({ stride }) => stride !== 1)) return undefined;
  const { leftBatch, leftContracted, rightContracted } = (product as Node<"contract">).attributes;
  const [dy, w] = product.inputs as [Tensor, Tensor];
  const dyFree = freeAxes(dy.shape, [], leftContracted);
  const wFree = freeAxes(w.shape, [], rightContracted);
  // Which axis of dy, or else of w, became an axis of the windowed cotangent.
  const ofDy = (target: number) => dyFree[order[target] as number];
  const ofW = (target: number) => wFree[(order[target] as number) - dyFree.length];
  const positions = windows.map(({ axis }) => ofDy(axis) ?? -1);
  const cells = windows.map((_, i) => ofW(shape.length + i) ?? -1);
  if (leftBatch.length > 0 || positions.includes(-1) || cells.includes(-1)) return undefined;

  const before = dy.shape.map(() => 0);
  const behind = [...before];
  const turned = windows.map((window, i) => {
    const axis = positions[i] as number;
    before[axis] = window.dilation * (window.size - 1);
    // As much as before, and cells of the input that no window reaches.
    behind[axis] = (shape[window.axis] as number) - (dy.shape[axis] as number);
    return { ...window, axis };
  });
  const padded = simplified(pad(dy, before, behind));
  const turnedShape = windowedShape(padded.shape, turned);
  const dyWindows = make("window", [padded], { windows: turned, shape: turnedShape, rewrites });
  const result = make("contract", [dyWindows, reverse(w, cells)], {
    leftBatch: [],
    rightBatch: [],
    // Window cells first, so that the kernel's rows are walked in memory order.
    leftContracted: [...windows.map((_, i) => dy.shape.length + i), ...leftContracted],
    rightContracted: [...cells, ...rightContracted],
  });
  // Result axes: free axes of dy in order, then free axes of w that are no window cells.
  const remaining = wFree.filter((axis) => !cells.includes(axis));
  const places = shape.map((_, target) => {
    const axis = ofW(target);
    return axis === undefined ? (order[target] as number) : dyFree.length + remaining.indexOf(axis);
  });
  return transpose(result, places);
};
