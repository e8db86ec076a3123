import { type Node, stridesOf, type Tensor, type Window } from "@myelin/tensor";

/**
 * How a position of a consumer walks the elements of a producer: element index = offset + sum of index x stride.
 * Movement ops are functions from views to views, so that they cost nothing.
 */
export interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** All elements of a tensor in row-major order. */
export function contiguous(shape: readonly number[]): View {
  return { shape, strides: stridesOf(shape), offset: 0 };
}

/** Movement ops: everything that only changes where elements are read. */
export type MovementName = "reshape" | "permute" | "expand" | "slice" | "reverse" | "window";

const movements: { readonly [Name in MovementName]: (node: Node<Name>, view: View) => View | undefined } = {
  reshape: ({ shape }, view) => reshapeView(view, shape),
  permute: ({ attributes: { order }, shape }, view) => ({
    ...view,
    shape,
    strides: order.map((axis) => view.strides[axis] as number),
  }),
  expand: ({ shape }, view) => ({
    ...view,
    shape,
    strides: view.strides.map((stride, axis) => (view.shape[axis] === shape[axis] ? stride : 0)),
  }),
  slice: ({ attributes: { start, step }, shape }, view) => stepView(view, shape, start, step),
  reverse: ({ attributes: { axes }, shape }, view) =>
    stepView(
      view,
      shape,
      shape.map((extent, axis) => (axes.includes(axis) ? extent - 1 : 0)),
      shape.map((_, axis) => (axes.includes(axis) ? -1 : 1)),
    ),
  window: ({ attributes: { windows }, shape }, view) => windowView(view, shape, windows),
};

export function isMovement(node: Tensor): node is Node<MovementName> {
  return node.op in movements;
}

/** The view of a movement's operand, turned into a view of its result; undefined when strides cannot express it. */
export function moveView(node: Node<MovementName>, view: View): View | undefined {
  return movements[node.op](node as never, view);
}

/** Undoes a reshape or a permutation: a view of the result, turned into a view of the operand (to write through it). */
export function unmoveView(node: Tensor, view: View): View | undefined {
  const { shape } = node.inputs[0] as Tensor;
  if (node.op === "reshape") return reshapeView(view, shape);
  if (node.op !== "permute") return undefined;
  const { order } = (node as Node<"permute">).attributes;
  return { ...view, shape, strides: shape.map((_, axis) => view.strides[order.indexOf(axis)] as number) };
}

/** Every `step`-th element of each axis, from `start` on. */
export function stepView(
  { strides, offset }: View,
  shape: readonly number[],
  start: readonly number[],
  step: readonly number[],
): View {
  return {
    shape,
    strides: strides.map((stride, axis) => stride * (step[axis] as number)),
    offset: strides.reduce((sum, stride, axis) => sum + stride * (start[axis] as number), offset),
  };
}

/** One axis for the positions of each window, and behind all axes one for its cells. */
export function windowView(
  { strides, offset }: View,
  shape: readonly number[],
  windows: readonly Window[],
): View {
  const stepped = [...strides];
  for (const { axis, stride, dilation } of windows) {
    const cell = strides[axis] as number;
    stepped[axis] = cell * stride;
    stepped.push(cell * dilation);
  }
  return { shape, strides: stepped, offset };
}

/**
 * The same walk under another shape. Neighbouring axes whose strides continue each other are runs; from the last axis on,
 * every new axis takes its extent from the innermost run that is left, and has to divide it.
 */
function reshapeView({ shape: from, strides, offset }: View, shape: readonly number[]): View | undefined {
  const runs: { extent: number; stride: number }[] = [];
  from.forEach((extent, axis) => {
    const stride = strides[axis] as number;
    const outer = runs.at(-1);
    if (extent === 1) return;
    if (outer?.stride === stride * extent) {
      outer.extent *= extent;
      outer.stride = stride;
    } else runs.push({ extent, stride });
  });
  const split = new Array<number>(shape.length).fill(0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis] as number;
    if (extent === 1) continue;
    if (runs.at(-1)?.extent === 1) runs.pop();
    const run = runs.at(-1);
    if (run === undefined || run.extent % extent !== 0) return undefined;
    split[axis] = run.stride;
    run.stride *= extent;
    run.extent /= extent;
  }
  return { shape, strides: split, offset };
}
