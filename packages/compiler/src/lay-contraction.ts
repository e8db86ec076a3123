import type { Node } from "@myelin/tensor";
import type { Body, Storage } from "./body.js";
import { axesOf, collapsedExtents, collapsedStrides, mergeRuns } from "./collapse.js";
import type { Group } from "./group.js";
import { appendUnit, descending, rebuild, type Shaped, viewsOf } from "./lay-loops.js";
import type { SymbolicOperand, SymbolicStore } from "./symbolic-kernel.js";
import type { View } from "./view.js";

/** An operand of a contraction as a view of what is stored. */
export interface Operand {
  readonly storage: Storage;
  readonly view: View;
}

/**
 * Rows and one column extent. Where the right operand has no free axis of its own (a matrix times a vector) the operands
 * change places, so that rows are computed in lanes; further column axes become batch rows.
 */
export function layContraction(
  group: Group,
  body: Body,
  stores: readonly SymbolicStore[],
  [left, right]: readonly [Operand, Operand],
): Shaped {
  const node = group.members.find(({ kind }) => kind === "contraction")?.node as Node<"contract">;
  const { leftBatch, rightBatch, leftContracted, rightContracted } = node.attributes;
  const free = (operand: Operand, batch: readonly number[], contracted: readonly number[]) =>
    operand.view.shape
      .map((_, axis) => axis)
      .filter((axis) => !batch.includes(axis) && !contracted.includes(axis));
  const leftFree = free(left, leftBatch, leftContracted);
  const rightFree = free(right, rightBatch, rightContracted);
  const strideOf = (operand: Operand, axis: number): number => operand.view.strides[axis] as number;
  // One entry per axis of the result; axes of extent 1 go.
  const axes = [
    ...leftBatch.map((axis, i) => ({
      role: "batch",
      left: strideOf(left, axis),
      right: strideOf(right, rightBatch[i] as number),
    })),
    ...leftFree.map((axis) => ({ role: "rows", left: strideOf(left, axis), right: 0 })),
    ...rightFree.map((axis) => ({ role: "columns", left: 0, right: strideOf(right, axis) })),
  ].filter((_, axis) => node.shape[axis] !== 1);
  const { extents } = group;
  const swap = !axes.some(({ role }) => role === "columns");
  const [one, other] = swap ? [right, left] : [left, right];
  const walk = (side: "left" | "right"): View => ({
    shape: extents,
    strides: axes.map((axis) => axis[side]),
    offset: 0,
  });
  const [oneWalk, otherWalk] = swap ? [walk("right"), walk("left")] : [walk("left"), walk("right")];

  // Within its role, an axis may come in any order: the one in which its operand walks memory.
  const places = axesOf(extents);
  const having = (role: string) => places.filter((axis) => axes[axis]?.role === role);
  const columnRole = swap ? "rows" : "columns";
  const rowRole = swap ? "columns" : "rows";
  const arranged = [
    ...having("batch"),
    ...descending(having(rowRole), oneWalk.strides),
    ...descending(having(columnRole), otherWalk.strides),
  ];
  const together = (a: number, b: number) => axes[a]?.role === axes[b]?.role;
  const runs = mergeRuns(arranged, extents, [...viewsOf(body, stores), oneWalk, otherWalk], together);
  const ofRole = (role: string) => runs.filter(([axis]) => axes[axis as number]?.role === role);
  const columns = ofRole(columnRole);
  const order = [...ofRole("batch"), ...columns.slice(0, -1), ...ofRole(rowRole), ...columns.slice(-1)];
  const base = rebuild("contraction", order, extents, body, stores);
  // Without any column axis the last extent is a column of 1.
  const shaped = columns.length === 0 && order.length > 0 ? appendUnit(base) : base;
  const strides = (view: View): number[] => {
    const collapsed = collapsedStrides(view.strides, order);
    return columns.length === 0 ? [...collapsed, 0] : collapsed;
  };

  // The order of summation follows the right operand's memory: for a convolution, window rows, window columns, channels.
  const pairs = leftContracted
    .map((axis, i) => ({
      extent: left.view.shape[axis] as number,
      left: strideOf(left, axis),
      right: strideOf(right, rightContracted[i] as number),
    }))
    .filter(({ extent }) => extent !== 1)
    .sort((a, b) => Math.abs(b.right) - Math.abs(a.right) || Math.abs(b.left) - Math.abs(a.left));
  const inner = pairs.map(({ extent }) => extent);
  const innerWalk = (side: "left" | "right"): View => ({
    shape: inner,
    strides: pairs.map((pair) => pair[side]),
    offset: 0,
  });
  const [oneInner, otherInner] = swap
    ? [innerWalk("right"), innerWalk("left")]
    : [innerWalk("left"), innerWalk("right")];
  const innerRuns = mergeRuns(axesOf(inner), inner, [oneInner, otherInner]);
  const contractedExtents = collapsedExtents(inner, innerRuns);
  const contracted = (view: View): number[] =>
    contractedExtents.length === 0 ? [0] : collapsedStrides(view.strides, innerRuns);
  const operand = ({ storage, view }: Operand, outer: View, along: View): SymbolicOperand => ({
    storage,
    offset: view.offset,
    strides: strides(outer),
    contractedStrides: contracted(along),
  });
  return {
    ...shaped,
    contraction: {
      extents: contractedExtents.length === 0 ? [1] : contractedExtents,
      left: operand(one, oneWalk, oneInner),
      right: operand(other, otherWalk, otherInner),
    },
  };
}
