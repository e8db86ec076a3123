import {
  type ContractAttributes,
  make,
  type Node,
  pad,
  reshape,
  reverse,
  slidingWindow,
  type Tensor,
  transpose,
  type Window,
} from "@myelin/tensor";
import { simplifiedPad } from "./simplify-pad.js";

/**
 * Windows that tile their axis (stride = size, no dilation): every cell has one window, so adding back is putting back:
 * [.., positions, .., size] -> [.., positions, size, ..] -> [.., positions x size, ..], zeros for cells that no window covers.
 */
export function disjoint(node: Node<"unwindow">): Tensor | undefined {
  const { windows, shape } = node.attributes;
  if (!windows.every(({ size, stride, dilation }) => stride === size && dilation === 1)) return undefined;
  const x = node.inputs[0] as Tensor;
  const order = shape.flatMap((_, axis) => {
    const which = windows.findIndex((window) => window.axis === axis);
    return which < 0 ? [axis] : [axis, shape.length + which];
  });
  const covered = shape.map((extent, axis) => {
    const window = windows.find((candidate) => candidate.axis === axis);
    return window === undefined ? extent : (x.shape[axis] as number) * window.size;
  });
  const tiled = reshape(transpose(x, order), covered);
  const far = shape.map((extent, axis) => extent - (covered[axis] as number));
  return simplifiedPad(
    pad(
      tiled,
      shape.map(() => 0),
      far,
    ),
  );
}

/**
 * unwindow(contract(dy, w)) with stride 1 is itself a convolution of the padded dy with the reversed kernel: cell i of the
 * input gradient is the sum over window cells k of dy[i - k dilation] w[k].
 */
export function asConvolution(node: Node<"unwindow">): Tensor | undefined {
  const { windows, shape } = node.attributes;
  if (!windows.every(({ stride }) => stride === 1)) return undefined;
  const rank = shape.length;
  // The cotangent of window() arrives through the permutation that put contracted axes back in their places.
  const moved = node.inputs[0] as Tensor;
  const order =
    moved.op === "permute" ? (moved as Node<"permute">).attributes.order : moved.shape.map((_, axis) => axis);
  const product = moved.op === "permute" ? (moved.inputs[0] as Tensor) : moved;
  if (product.op !== "contract") return undefined;
  const axes = (product as Node<"contract">).attributes;
  if (axes.leftBatch.length > 0) return undefined;
  const [dy, w] = [product.inputs[0] as Tensor, product.inputs[1] as Tensor];
  const dyFree = dy.shape.map((_, axis) => axis).filter((axis) => !axes.leftContracted.includes(axis));
  const wFree = w.shape.map((_, axis) => axis).filter((axis) => !axes.rightContracted.includes(axis));
  // Which axis of dy (or of w) became axis `target` of the windowed cotangent.
  const source = (target: number) => {
    const place = order[target] as number;
    return place < dyFree.length
      ? { from: "dy" as const, axis: dyFree[place] as number }
      : { from: "w" as const, axis: wFree[place - dyFree.length] as number };
  };
  const positions = windows.map(({ axis }) => source(axis));
  const cells = windows.map((_, i) => source(rank + i));
  if (positions.some(({ from }) => from !== "dy") || cells.some(({ from }) => from !== "w")) return undefined;

  const margins = dy.shape.map((_, axis) => {
    const which = positions.findIndex((position) => position.axis === axis);
    const window = windows[which];
    return window === undefined ? 0 : window.dilation * (window.size - 1);
  });
  // Cells of the input that no window reaches on the far side (possible after a floor) get a longer margin of zeros.
  const far = margins.map((margin, axis) => {
    const which = positions.findIndex((position) => position.axis === axis);
    const window = windows[which];
    if (window === undefined) return margin;
    return (
      margin +
      (shape[window.axis] as number) -
      ((dy.shape[axis] as number) + window.dilation * (window.size - 1))
    );
  });
  const padded = simplifiedPad(pad(dy, margins, far));
  const rewindowed: Window[] = windows.map(({ size, dilation }, i) => ({
    axis: (positions[i] as { axis: number }).axis,
    size,
    stride: 1,
    dilation,
  }));
  const flipped = reverse(
    w,
    cells.map(({ axis }) => axis),
  );
  const contracted: ContractAttributes = {
    leftBatch: [],
    rightBatch: [],
    // Window cells first, so that the kernel's rows are walked in memory order.
    leftContracted: [...windows.map((_, i) => dy.shape.length + i), ...axes.leftContracted],
    rightContracted: [...cells.map(({ axis }) => axis), ...axes.rightContracted],
  };
  const result = make("contract", [slidingWindow(padded, rewindowed), flipped], contracted);
  // Result axes: free axes of dy in order, then free axes of w that are no window cells.
  const remaining = wFree.filter((axis) => !cells.some((cell) => cell.axis === axis));
  const resultOrder = shape.map((_, target) => {
    const { from, axis } = source(target);
    return from === "dy" ? dyFree.indexOf(axis) : dyFree.length + remaining.indexOf(axis);
  });
  return transpose(result, resultOrder);
}
