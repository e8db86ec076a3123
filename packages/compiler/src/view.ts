import { invariant, type Node, type OpName, stridesOf, type Tensor } from "@myelin/tensor";

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
  reshape: (node, view) => reshapeView(view, node.attributes.shape),
  permute: ({ attributes: { order }, shape }, { strides, offset }) => ({
    shape,
    strides: order.map((axis) => strides[axis] as number),
    offset,
  }),
  expand: ({ shape }, view) => ({
    shape,
    strides: view.strides.map((stride, axis) => (view.shape[axis] === shape[axis] ? stride : 0)),
    offset: view.offset,
  }),
  slice: ({ attributes: { start, step }, shape }, { strides, offset }) => ({
    shape,
    strides: strides.map((stride, axis) => stride * (step[axis] as number)),
    offset: strides.reduce((sum, stride, axis) => sum + stride * (start[axis] as number), offset),
  }),
  reverse: ({ attributes: { axes }, shape }, { strides, offset }) => ({
    shape,
    strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    offset: axes.reduce(
      (sum, axis) => sum + (strides[axis] as number) * ((shape[axis] as number) - 1),
      offset,
    ),
  }),
  window: ({ attributes: { windows }, shape }, { strides, offset }) => {
    const stepped = [...strides];
    for (const { axis, stride } of windows) stepped[axis] = (strides[axis] as number) * stride;
    return {
      shape,
      strides: [...stepped, ...windows.map(({ axis, dilation }) => (strides[axis] as number) * dilation)],
      offset,
    };
  },
};

export function isMovement(node: Tensor): node is Node<MovementName> {
  return Object.hasOwn(movements, node.op);
}

/** The view of a movement's operand, turned into a view of its result; undefined when strides cannot express it. */
export function moveView(node: Node<MovementName>, view: View): View | undefined {
  const move = movements[node.op] as (node: Node<OpName>, view: View) => View | undefined;
  return move(node, view);
}

/** Undoes a reshape or a permutation: a view of the result, turned into a view of the operand (to write through it). */
export function unmoveView(node: Tensor, view: View): View | undefined {
  const source = (node.inputs[0] as Tensor).shape;
  if (node.op === "reshape") return reshapeView(view, source);
  if (node.op !== "permute") return undefined;
  const { order } = (node as Node<"permute">).attributes;
  return {
    shape: source,
    strides: source.map((_, axis) => view.strides[order.indexOf(axis)] as number),
    offset: view.offset,
  };
}

/**
 * The same walk under another shape: splits axes, and merges neighbours whose strides continue each other.
 * Axes of both shapes are matched in runs of equal size, from the first axis on.
 */
export function reshapeView(view: View, shape: readonly number[]): View | undefined {
  const from = view.shape.flatMap((extent, axis) =>
    extent === 1 ? [] : [{ extent, stride: view.strides[axis] as number }],
  );
  const strides: number[] = [];
  let next = 0;
  for (let axis = 0; axis < shape.length; ) {
    if (shape[axis] === 1) {
      strides.push(0);
      axis++;
      continue;
    }
    const first = from[next++];
    if (first === undefined) return undefined;
    let { extent: size, stride } = first;
    let target = shape[axis] as number;
    let end = axis + 1;
    while (size !== target) {
      if (size < target) {
        const following = from[next++];
        if (following === undefined || stride !== following.stride * following.extent) return undefined;
        size *= following.extent;
        stride = following.stride;
      } else {
        if (end >= shape.length) return undefined;
        target *= shape[end++] as number;
      }
    }
    const run = shape.slice(axis, end);
    strides.push(...stridesOf(run).map((inner, i) => (run[i] === 1 ? 0 : inner * stride)));
    axis = end;
  }
  invariant(strides.length === shape.length, "a reshape lost an axis");
  return { shape, strides, offset: view.offset };
}
