import { invariant, type Node, type Tensor } from "@myelin/tensor";
import { Body, type Storage, type SymbolicAddress, type SymbolicInstruction } from "./body.js";
import { axesOf, collapsedExtents, collapsedStrides, mergeRuns, type Run } from "./collapse.js";
import type { Analysis, Computed } from "./computed.js";
import {
  ExpressionWriter,
  followPath,
  MustSeparate,
  MustStore,
  movementPath,
  type Path,
} from "./expression.js";
import { type Group, type Grouping, leafStorage, type Member, place } from "./group.js";
import type { Kernel, Value } from "./program.js";
import { contiguous, isMovement, moveView, type View } from "./view.js";

/** A kernel before its buffers are numbered. */
export interface SymbolicKernel {
  readonly family: Kernel["family"];
  readonly extents: readonly number[];
  readonly body: readonly SymbolicInstruction[];
  readonly stores: readonly SymbolicStore[];
  readonly contraction?: SymbolicContraction | undefined;
  readonly origins: readonly string[];
}

export interface SymbolicStore {
  readonly address: SymbolicAddress;
  readonly value: Value;
  readonly accumulate?: boolean;
}

export interface SymbolicContraction {
  readonly extents: readonly number[];
  readonly left: SymbolicOperand;
  readonly right: SymbolicOperand;
}

export interface SymbolicOperand {
  readonly storage: Storage;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly contractedStrides: readonly number[];
}

/** The bodies of all groups first: only then is it known which values other kernels load. */
export function lower(
  analysis: Analysis,
  grouping: Grouping,
  kept: ReadonlySet<Tensor>,
): Map<Group, SymbolicKernel> {
  const loaded = new Set<Storage>();
  const storageOf = (node: Tensor): Storage | undefined => analysis.of.get(node) ?? leafStorage(node);
  const written = grouping.groups.map((group) => writeBody(group, grouping, storageOf, loaded, analysis));
  return new Map(
    written.map((body) => [
      body.group,
      finish(body, analysis, (node) => kept.has(node) || loaded.has(storageOf(node) as Storage)),
    ]),
  );
}

interface WrittenGroup {
  readonly group: Group;
  readonly body: Body;
  readonly values: ReadonlyMap<Tensor, Value>;
  readonly accumulates: SymbolicStore | undefined;
  readonly operands: readonly [Operand, Operand] | undefined;
}

function writeBody(
  group: Group,
  grouping: Grouping,
  storageOf: (node: Tensor) => Storage | undefined,
  loaded: Set<Storage>,
  analysis: Analysis,
): WrittenGroup {
  const body = new Body();
  const values = new Map<Tensor, Value>();
  const writer = new ExpressionWriter({
    body,
    storageOf: (node) => {
      const storage = storageOf(node);
      // Tables of gathers and values of other kernels are read from memory.
      if (storage !== undefined && !values.has(node)) loaded.add(storage);
      return storage;
    },
    computed: (node) => (grouping.members.get(node)?.group === group ? values.get(node) : undefined),
  });
  const paths = {
    element: { move: (view: View) => place(view, "element", group), next: undefined },
    result: { move: (view: View) => place(view, "result", group), next: undefined },
  };
  let accumulates: SymbolicStore | undefined;
  let operands: readonly [Operand, Operand] | undefined;
  for (const member of group.members) {
    const { node } = member;
    if (member.kind === "contraction") {
      operands = [
        operandOf(node as Node<"contract">, 0, analysis, loaded),
        operandOf(node as Node<"contract">, 1, analysis, loaded),
      ];
      values.set(node, body.accumulator());
    } else if (member.kind === "row" || member.kind === "column") {
      const reduction = node.op === "sum" ? "sum" : "maximum";
      values.set(node, body.reduce(reduction, writer.write(node.inputs[0] as Tensor, paths.element)));
    } else if (member.kind === "accumulate") {
      accumulates = accumulation(member, writer, paths.element);
    } else {
      values.set(node, writer.define(node, paths[member.level]));
    }
  }
  return { group, body, values, accumulates, operands };
}

/** Adds rows to a table by index, or window cells to where they came from. */
function accumulation(member: Member, writer: ExpressionWriter, path: Path): SymbolicStore {
  const { node, space } = member;
  const value = writer.write(space, path);
  if (node.op === "unwindow") {
    const { windows } = (node as Node<"unwindow">).attributes;
    const windowed = {
      op: "window",
      attributes: { windows },
      shape: space.shape,
    } as unknown as Node<"window">;
    const view = followPath(moveView(windowed, contiguous(node.shape)) as View, path);
    return { address: { storage: member.storage, view }, value, accumulate: true };
  }
  const [indices] = node.inputs as [Tensor];
  const rest = contiguous(node.shape.slice(1));
  const view = { shape: space.shape, strides: [...indices.shape.map(() => 0), ...rest.strides], offset: 0 };
  const repeat = (over: View): View => ({
    ...over,
    shape: space.shape,
    strides: [...over.strides, ...rest.strides.map(() => 0)],
  });
  const row = writer.write(indices, { move: repeat, next: path });
  const stride = rest.shape.reduce((size, extent) => size * extent, 1);
  return {
    address: { storage: member.storage, view: followPath(view, path), indirect: { value: row, stride } },
    value,
    accumulate: true,
  };
}

/** An operand of a contraction as a view of what is stored. */
interface Operand {
  readonly storage: Storage;
  readonly view: View;
}

function operandOf(node: Node<"contract">, index: 0 | 1, analysis: Analysis, loaded: Set<Storage>): Operand {
  let base = node.inputs[index] as Tensor;
  let path: Path | undefined;
  while (isMovement(base) && !analysis.of.has(base)) {
    path = movementPath(base, path);
    base = base.inputs[0] as Tensor;
  }
  const storage = analysis.of.get(base) ?? leafStorage(base);
  if (storage === undefined) throw new MustStore(base);
  loaded.add(storage);
  return { storage, view: followPath(contiguous(base.shape), path) };
}

function finish(
  written: WrittenGroup,
  analysis: Analysis,
  isLoaded: (node: Tensor) => boolean,
): SymbolicKernel {
  const { group, body, values, accumulates, operands } = written;
  const stores: SymbolicStore[] = accumulates === undefined ? [] : [accumulates];
  for (const member of group.members) {
    const value = values.get(member.node);
    if (value === undefined) continue;
    const targets: { storage: Storage; view: View }[] = (analysis.destinations.get(member.node) ?? []).map(
      ({ to, view }) => ({
        storage: analysis.of.get(to) as Computed,
        view,
      }),
    );
    if (isLoaded(member.node))
      targets.unshift({ storage: member.storage, view: contiguous(member.node.shape) });
    const storable = body.typeOf(value) === "bool" ? body.cast(value, "i32") : value;
    for (const { storage, view } of targets) {
      stores.push({ address: { storage, view: place(view, member.level, group) }, value: storable });
    }
  }
  const origins = [...new Set(group.members.flatMap(({ node }) => [...node.origins]))];
  const shaped =
    operands === undefined ? layLoops(group, body, stores) : layContraction(group, body, stores, operands);
  return { ...shaped, origins };
}

type Shaped = Omit<SymbolicKernel, "origins">;

/** Merges extents, and brings them into the order that the family asks for. */
function layLoops(group: Group, body: Body, stores: readonly SymbolicStore[]): Shaped {
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
function descending(axes: readonly number[], strides: readonly number[]): number[] {
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

function appendUnit(kernel: Shaped): Shaped {
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

function rebuild(
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

/**
 * Rows and one column extent. Where the right operand has no free axis of its own (a matrix times a vector) the operands
 * change places, so that rows are computed in lanes; further column axes become batch rows.
 */
function layContraction(
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

function viewsOf(body: Body, stores: readonly SymbolicStore[]): View[] {
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
