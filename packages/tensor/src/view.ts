import type { Node, OpAttributes } from "./ops.js";
import { extentsOf, type Shape, stridesOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * How a position of a consumer walks the elements of a producer: element index = offset + sum of index x stride.
 * Movement ops are functions from views to views, so that they cost nothing.
 */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** All elements of a tensor in row-major order. */
export function contiguous(shape: Shape): View {
  return { shape, strides: stridesOf(shape), offset: 0 };
}

/** The element at a position; where a position has fewer indices than the walk has strides, the further ones are 0. */
export function elementAt(
  { strides, offset }: Pick<View, "strides" | "offset">,
  position: readonly number[],
): number {
  let element = offset;
  for (let axis = 0; axis < position.length; axis++)
    element += (position[axis] as number) * (strides[axis] as number);
  return element;
}

/** Movements of any view (a reshape is one of some views only), with what they need of their attributes. */
interface Movements {
  readonly permute: OpAttributes["permute"];
  readonly expand: unknown;
  readonly slice: Pick<OpAttributes["slice"], "start" | "step">;
  readonly reverse: OpAttributes["reverse"];
  readonly window: Pick<OpAttributes["window"], "windows">;
}

/** New strides, and the position where they start, if it is not 0. */
type Move<Attributes> = (
  attributes: Attributes,
  from: View,
  to: Shape,
) => { readonly strides: readonly number[]; readonly start?: readonly number[] };

export const movements: { readonly [Name in keyof Movements]: Move<Movements[Name]> } = {
  permute: ({ order }, { strides }) => ({ strides: extentsOf(strides, order) }),
  expand: (_, { shape, strides }, to) => ({
    strides: strides.map((stride, axis) => (shape[axis] === to[axis] ? stride : 0)),
  }),
  slice: ({ start, step }, { strides }) => ({
    start,
    strides: strides.map((stride, axis) => stride * (step[axis] as number)),
  }),
  reverse: ({ axes }, { shape, strides }) => ({
    start: shape.map((extent, axis) => (axes.includes(axis) ? extent - 1 : 0)),
    strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
  }),
  window: ({ windows }, { strides }) => {
    const moved = [...strides];
    for (const { axis, stride, dilation } of windows) {
      const cell = strides[axis] as number;
      moved[axis] = cell * stride;
      moved.push(cell * dilation);
    }
    return { strides: moved };
  },
};

/** A view of a movement's operand, turned into a view of its result, which has the shape `to`. */
export function movedView<Name extends keyof Movements>(
  op: Name,
  attributes: Movements[Name],
  from: View,
  to: Shape,
): View {
  const { strides, start = [] } = movements[op](attributes as never, from, to);
  return { shape: to, strides, offset: elementAt(from, start) };
}

/** Where the cells of the operand of a `pad` lie in its result. */
export function paddedView({ shape, inputs, attributes: { low, interior } }: Node<"pad">): View {
  const step = interior.map((cells) => cells + 1);
  return movedView("slice", { start: low, step }, contiguous(shape), (inputs[0] as Tensor).shape);
}
