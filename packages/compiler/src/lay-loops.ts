import { invariant, type Tensor } from "@myelin/tensor";
import type { Body, SymbolicInstruction } from "./body.js";
import { axesOf, collapsedExtents, collapsedStrides, mergeRuns, type Run } from "./collapse.js";
import { MustSeparate, MustStore } from "./expression.js";
import type { Group, Member } from "./group.js";
import type { Kernel } from "./program.js";
import type { SymbolicKernel, SymbolicStore } from "./symbolic-kernel.js";
import type { View } from "./view.js";

/** All of a kernel but where it comes from. */
export type Shaped = Omit<SymbolicKernel, "origins">;

/** Merges extents, and brings them into the order that the family asks for. */
export function layLoops(group: Group, body: Body, stores: readonly SymbolicStore[]): Shaped {
  const { extents, reduced, family } = group;
  if (family === "accumulate") return layAccumulation(group, body, stores);
  const views = viewsOf(body, stores);
  if (family === "map") {
    // Positions may come in any order: the one in which the first store walks memory.
    const target = stores[0]?.address.view.strides ?? [];
    return rebuild(
      "map",
      mergeRuns(descending(axesOf(extents), target), extents, views),
      extents,
      body,
      stores,
    );
  }
  const isReduced = (axis: number) => axis >= reduced[0] && axis < reduced[1];
  const runs = mergeRuns(axesOf(extents), extents, views, (a, b) => isReduced(a) === isReduced(b));
  const inReduced = runs.filter(([axis]) => isReduced(axis as number));
  if (inReduced.length > 1) throw unmergeable(group);
  const before = runs.filter(([axis]) => (axis as number) < reduced[0]);
  const behind = runs.filter(([axis]) => (axis as number) >= reduced[1]);
  const order =
    family === "row"
      ? [...before, ...behind, ...inReduced]
      : [...before, ...behind.slice(0, -1), ...inReduced, ...behind.slice(-1)];
  return rebuild(family, order, extents, body, stores);
}

/** Axes sorted by how far one step goes; equal ones stay in order. */
export function descending(axes: readonly number[], strides: readonly number[]): number[] {
  return [...axes].sort((a, b) => Math.abs(strides[b] ?? 0) - Math.abs(strides[a] ?? 0));
}

/** Reduced extents that no single loop walks: first without company, then over a stored operand. */
function unmergeable({ members }: Group): Error {
  const reduction = members.find(({ kind }) => kind === "row" || kind === "column");
  invariant(reduction !== undefined, "a reducing group without a reduction");
  return members.length > 1
    ? new MustSeparate(reduction.node)
    : new MustStore(reduction.node.inputs[0] as Tensor);
}

/** Window cells outermost, so that positions that differ in the last extent never meet in one cell. */
function layAccumulation(group: Group, body: Body, stores: readonly SymbolicStore[]): Shaped {
  const [member] = group.members as [Member];
  const { extents } = group;
  const axes = extents.map((_, axis) => axis);
  if (member.node.op === "scatterAdd") {
    // A last extent of 1 keeps equal indices apart when rows are single numbers.
    const single = member.node.shape.length === 1;
    const order = axes.map((axis) => [axis]);
    const kernel = rebuild("map", order, extents, body, stores);
    return single ? appendUnit(kernel) : kernel;
  }
  const positions = member.node.shape.filter((_, axis) => member.space.shape[axis] !== 1).length;
  const order = [...axes.slice(positions), ...axes.slice(0, positions)];
  return rebuild(
    "map",
    order.map((axis) => [axis]),
    extents,
    body,
    stores,
  );
}

/** A last extent of 1. */
export function appendUnit(kernel: Shaped): Shaped {
  const longer = (view: View): View => ({
    ...view,
    shape: [...view.shape, 1],
    strides: [...view.strides, 0],
  });
  return {
    ...kernel,
    extents: [...kernel.extents, 1],
    body: mapViews(kernel.body, longer),
    stores: mapStores(kernel.stores, longer),
  };
}

export function rebuild(
  family: Kernel["family"],
  runs: readonly Run[],
  extents: readonly number[],
  body: Body,
  stores: readonly SymbolicStore[],
): Shaped {
  const collapsed = collapsedExtents(extents, runs);
  const shape = collapsed.length === 0 ? [1] : collapsed;
  const collapse = (view: View): View => {
    const strides = collapsedStrides(view.strides, runs);
    return { shape, strides: strides.length === 0 ? [0] : strides, offset: view.offset };
  };
  return {
    family,
    extents: shape,
    body: mapViews(body.instructions, collapse),
    stores: mapStores(stores, collapse),
  };
}

export function viewsOf(body: Body, stores: readonly SymbolicStore[]): View[] {
  const views = stores.map(({ address }) => address.view);
  for (const instruction of body.instructions) {
    if (instruction.op === "load") views.push(instruction.address.view);
    else if (instruction.op === "index") views.push(instruction.view);
  }
  return views;
}

function mapViews(body: readonly SymbolicInstruction[], change: (view: View) => View): SymbolicInstruction[] {
  return body.map((instruction) => {
    if (instruction.op === "load")
      return { ...instruction, address: { ...instruction.address, view: change(instruction.address.view) } };
    return instruction.op === "index" ? { ...instruction, view: change(instruction.view) } : instruction;
  });
}

function mapStores(stores: readonly SymbolicStore[], change: (view: View) => View): SymbolicStore[] {
  return stores.map((store) => ({
    ...store,
    address: { ...store.address, view: change(store.address.view) },
  }));
}
