import type { Node, Tensor } from "@myelin/tensor";
import { Body, type Storage } from "./body.js";
import type { Analysis, Computed } from "./computed.js";
import { ExpressionWriter, followPath, MustStore, movementPath, type Path } from "./expression.js";
import { place } from "./fusion.js";
import type { Group, Grouping, Member } from "./group.js";
import { layContraction, type Operand } from "./lay-contraction.js";
import { layLoops } from "./lay-loops.js";
import { leafStorage } from "./leaf-storage.js";
import type { Value } from "./program.js";
import type { SymbolicKernel, SymbolicStore } from "./symbolic-kernel.js";
import { contiguous, isMovement, moveView, type View } from "./view.js";

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
