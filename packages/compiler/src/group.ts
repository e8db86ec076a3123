import { invariant, type Node, type Tensor } from "@myelin/tensor";
import { Body, type Storage } from "./body.js";
import type { Analysis, Computed } from "./computed.js";
import { ExpressionWriter, type Path } from "./expression.js";
import { contiguous, isMovement, type View } from "./view.js";

/** Computed nodes that share one kernel. Extents of 1 are left out of `extents`. */
export interface Group {
  readonly id: number;
  family: "map" | "row" | "column" | "contraction" | "accumulate";
  readonly extents: readonly number[];
  /** Range of reduced extents, for `row` and `column`; empty otherwise. */
  reduced: readonly [from: number, to: number];
  members: Member[];
}

export interface Member {
  readonly id: number;
  readonly node: Tensor;
  readonly kind: Computed["kind"];
  /** Where its value is stored if another kernel reads it. */
  readonly storage: Storage;
  group: Group;
  /** "element": one value per position of the group; "result": one per position of the extents that are not reduced. */
  level: "element" | "result";
  /** The tensor whose axes are the member's iteration space: a reduction walks its operand. */
  readonly space: Tensor;
  readonly references: readonly Reference[];
}

/** A computed node or a leaf that a member reads, and how its positions walk it; no view: in no fusible way. */
interface Reference {
  readonly node: Tensor;
  readonly view: View | undefined;
}

export interface Grouping {
  readonly groups: readonly Group[];
  /** What was put together, and why; for people. */
  readonly reasons: readonly string[];
  readonly members: ReadonlyMap<Tensor, Member>;
}

/** Parameters that are updated in place, with the node that holds the new value. */
export type Updates = ReadonlyMap<Tensor, Tensor>;

export interface GroupOptions {
  readonly fuse: boolean;
  /** Nodes that share their kernel with nothing. */
  readonly alone: ReadonlySet<Tensor>;
}

/**
 * Puts computed nodes into kernels, greedily and in order: a node joins the kernel of something that it reads element by
 * element, when the iteration spaces agree and no other kernel would have to run in between.
 */
export function group(analysis: Analysis, updates: Updates, { fuse, alone }: GroupOptions): Grouping {
  const groups = new Set<Group>();
  const members = new Map<Tensor, Member>();
  const dependencies = new Dependencies(analysis, members, updates, alone);
  const reasons: string[] = [];
  for (const computed of analysis.computed) {
    if (computed.kind === "regions") continue;
    const member = newMember(computed, analysis);
    groups.add(member.group);
    members.set(computed.node, member);
    dependencies.register(member);
    if (fuse && !alone.has(computed.node)) joinProducers(member, members, groups, dependencies, reasons);
  }
  if (fuse) joinNeighbours(groups, members, dependencies, reasons);
  return { groups: [...groups], members, reasons };
}

function newMember(computed: Computed, analysis: Analysis): Member {
  const { node, kind } = computed;
  invariant(kind !== "regions", "regions have no kernel");
  const reduces = kind === "row" || kind === "column";
  const space =
    reduces || kind === "accumulate" ? (node.inputs[node.op === "scatterAdd" ? 1 : 0] as Tensor) : node;
  const extents = space.shape.filter((extent) => extent !== 1);
  const group: Group = { id: computed.id, family: kind, extents, reduced: [0, 0], members: [] };
  if (reduces) group.reduced = reducedRange(node as Node<"sum">, space);
  const member: Member = {
    id: computed.id,
    node,
    kind,
    storage: computed,
    group,
    level: reduces ? "result" : "element",
    space,
    references: referencesOf(computed, analysis),
  };
  group.members.push(member);
  return member;
}

/** Reduced axes are neighbours (`simplify` splits others), so they are one range of the extents. */
function reducedRange({ attributes: { axes } }: Node<"sum">, space: Tensor): [number, number] {
  const proper = space.shape.map((_, axis) => axis).filter((axis) => space.shape[axis] !== 1);
  const places = proper.flatMap((axis, place) => (axes.includes(axis) ? [place] : []));
  const from = places[0] as number;
  const to = (places.at(-1) as number) + 1;
  invariant(to - from === places.length, "reduced axes are not neighbours");
  return [from, to];
}

/** Writes the member's expression into a body that is thrown away, to see what it reads and how. */
function referencesOf({ node, kind }: Computed, analysis: Analysis): Reference[] {
  const references: Reference[] = [];
  const writer = new ExpressionWriter({
    body: new Body(),
    storageOf: (tensor) => analysis.of.get(tensor) ?? leafStorage(tensor),
    computed: (tensor, view) => {
      references.push({ node: tensor, view });
      return undefined;
    },
  });
  if (kind === "contraction") {
    for (const operand of node.inputs)
      references.push({ node: operandBase(operand, analysis), view: undefined });
  } else if (kind === "row" || kind === "column") {
    writer.write(node.inputs[0] as Tensor, identity);
  } else if (kind === "accumulate") {
    for (const operand of node.inputs) writer.write(operand, identity);
  } else {
    writer.define(node, identity);
  }
  // Data-dependent rows (tables of gathers) are loads, too.
  return [...references, ...tablesBelow(node, analysis)];
}

const identity: Path = { move: (view) => view, next: undefined };

function tablesBelow(root: Tensor, analysis: Analysis): Reference[] {
  const found: Reference[] = [];
  const seen = new Set<Tensor>();
  const visit = (node: Tensor): void => {
    if (seen.has(node) || (node !== root && analysis.of.has(node))) return;
    seen.add(node);
    if (node.op === "gather") found.push({ node: node.inputs[0] as Tensor, view: undefined });
    for (const input of node.inputs) visit(input);
  };
  visit(root);
  return found;
}

/** What a contraction's operand is a view of. */
export function operandBase(operand: Tensor, analysis: Analysis): Tensor {
  let base = operand;
  while (isMovement(base) && !analysis.of.has(base)) base = base.inputs[0] as Tensor;
  return base;
}

const leaves = new WeakMap<Tensor, Storage>();
let nextLeaf = -1;

/** Parameters, inputs and constant arrays have storage of their own; ids below zero keep them apart from computed nodes. */
export function leafStorage(tensor: Tensor): Storage | undefined {
  if (tensor.op !== "parameter" && tensor.op !== "input" && tensor.op !== "constant") return undefined;
  const known = leaves.get(tensor) ?? { id: nextLeaf-- };
  leaves.set(tensor, known);
  return known;
}

/** Which kernels must run before which; also those that read a parameter before the one that updates it. */
class Dependencies {
  private readonly members: ReadonlyMap<Tensor, Member>;
  private readonly alone: ReadonlySet<Tensor>;
  private readonly readers = new Map<Tensor, Member[]>();
  /** What writes the parts of a node that is put together from regions. */
  private readonly pieces = new Map<Tensor, Tensor[]>();
  /** The parameter that a node's value updates in place. */
  private readonly updated: ReadonlyMap<Tensor, Tensor>;
  private readonly known = new Map<Group, ReadonlySet<Group>>();

  constructor(
    analysis: Analysis,
    members: ReadonlyMap<Tensor, Member>,
    updates: Updates,
    alone: ReadonlySet<Tensor>,
  ) {
    this.members = members;
    this.alone = alone;
    this.updated = new Map([...updates].map(([parameter, value]) => [value, parameter]));
    for (const { node, regions } of analysis.computed) if (regions !== undefined) this.pieces.set(node, []);
    for (const [source, targets] of analysis.destinations) {
      for (const { to } of targets) this.pieces.get(to)?.push(source);
    }
  }

  register(member: Member): void {
    this.forget();
    for (const { node } of member.references) {
      if (node.op === "parameter") this.readers.set(node, [...(this.readers.get(node) ?? []), member]);
    }
  }

  /** Groups that compute a node: several when it is put together from regions. */
  homes(node: Tensor): Group[] {
    const pieces = this.pieces.get(node);
    if (pieces !== undefined) return pieces.flatMap((source) => this.homes(source));
    const member = this.members.get(node);
    return member === undefined ? [] : [member.group];
  }

  /** Groups changed: what was known about them no longer holds. */
  forget(): void {
    this.known.clear();
  }

  private direct(group: Group): ReadonlySet<Group> {
    const known = this.known.get(group);
    if (known !== undefined) return known;
    const result = new Set<Group>();
    for (const member of group.members) {
      for (const { node } of member.references) for (const home of this.homes(node)) result.add(home);
      const updated = this.updated.get(member.node);
      for (const reader of (updated && this.readers.get(updated)) ?? []) result.add(reader.group);
    }
    result.delete(group);
    this.known.set(group, result);
    return result;
  }

  /** Whether `later` needs `earlier`, over any number of steps. */
  reaches(later: Group, earlier: Group): boolean {
    const seen = new Set<Group>();
    const stack = [later];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      for (const before of this.direct(next)) {
        if (before === earlier) return true;
        if (!seen.has(before)) {
          seen.add(before);
          stack.push(before);
        }
      }
    }
    return false;
  }

  /** Two groups may become one when no third one has to run between them. */
  mergeable(a: Group, b: Group): boolean {
    if ([...a.members, ...b.members].some(({ node }) => this.alone.has(node))) return false;
    const between = (later: Group, earlier: Group) =>
      [...this.direct(later)].some((middle) => middle !== earlier && this.reaches(middle, earlier));
    return !between(a, b) && !between(b, a);
  }
}

/** Merges the new member's group into that of a producer, and further producers of the same space into it. */
function joinProducers(
  member: Member,
  members: ReadonlyMap<Tensor, Member>,
  groups: Set<Group>,
  dependencies: Dependencies,
  reasons: string[],
): void {
  for (const { node } of member.references) {
    const producer = members.get(node);
    if (producer === undefined || producer.group === member.group) continue;
    const fusion = fusionOf(member.group, producer.group);
    if (fusion === undefined || !readsInPlace(member.group, producer.group, fusion, members, dependencies))
      continue;
    if (!dependencies.mergeable(member.group, producer.group)) continue;
    const kernel = describe(producer.group);
    merge(member.group, producer.group, fusion, groups);
    dependencies.forget();
    reasons.push(`${nameOf(member)} joins ${kernel}: it reads ${nameOf(producer)} where it is computed`);
  }
}

/** Kernels of one space that share an operand, or scalars of any kind, become one kernel with several results. */
function joinNeighbours(
  groups: Set<Group>,
  members: ReadonlyMap<Tensor, Member>,
  dependencies: Dependencies,
  reasons: string[],
): void {
  const list = [...groups];
  for (let i = 0; i < list.length; i++) {
    for (let j = i + 1; j < list.length; j++) {
      const [a, b] = [list[i] as Group, list[j] as Group];
      if (a === b) continue;
      const fusion = fusionOf(b, a);
      if (fusion === undefined || !(fusion.scalar || shareOperand(a, b))) continue;
      if (!readsInPlace(b, a, fusion, members, dependencies) || !dependencies.mergeable(a, b)) continue;
      reasons.push(
        `${describe(b)} joins ${describe(a)}: ${fusion.scalar ? "both compute single numbers" : "they walk the same operand"}`,
      );
      merge(b, a, fusion, groups);
      dependencies.forget();
      list[j] = a;
      list[i] = a;
    }
  }
}

function shareOperand(a: Group, b: Group): boolean {
  if (a.family === "contraction" || b.family === "contraction") return false;
  const read = (group: Group) =>
    group.members.flatMap(({ references }) =>
      references.filter(({ view }) => view !== undefined).map(({ node }) => node),
    );
  const ofA = new Set(read(a).filter((node) => node.shape.length > 0));
  return read(b).some((node) => ofA.has(node));
}

interface Fusion {
  readonly family: Group["family"];
  readonly extents: readonly number[];
  readonly reduced: readonly [number, number];
  /** Members of the later map group take part per result, not per element. */
  readonly laterAtResults: boolean;
  /** Members of the earlier map group take part per result of the later group. */
  readonly earlierAtResults: boolean;
  readonly scalar: boolean;
}

/** What one kernel for both groups would be; undefined when there is none. */
function fusionOf(later: Group, earlier: Group): Fusion | undefined {
  const same = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((extent, i) => extent === b[i]);
  const results = (group: Group) => [
    ...group.extents.slice(0, group.reduced[0]),
    ...group.extents.slice(group.reduced[1]),
  ];
  const reduces = (group: Group) => group.family === "row" || group.family === "column";
  const fusion = (family: Group["family"], from: Group, at: Partial<Fusion> = {}): Fusion => ({
    family,
    extents: from.extents,
    reduced: from.reduced,
    laterAtResults: false,
    earlierAtResults: false,
    scalar: results(later).length === 0 && results(earlier).length === 0,
    ...at,
  });
  if (later.family === "accumulate" || earlier.family === "accumulate") return undefined;
  if (later.family === "map") {
    if (reduces(earlier) && same(later.extents, results(earlier)))
      return fusion(earlier.family, earlier, { laterAtResults: true });
    if (earlier.family === "column" || !same(later.extents, earlier.extents)) return undefined;
    return fusion(earlier.family, earlier);
  }
  if (later.family === "contraction") return undefined;
  // The later group reduces.
  if (earlier.family === "map") {
    if (same(later.extents, earlier.extents)) return fusion(later.family, later);
    // Scalars that only need a place to be computed: with the results of a reduction to a scalar.
    if (earlier.extents.length === 0 && results(later).length === 0)
      return fusion(later.family, later, { earlierAtResults: true });
    return undefined;
  }
  const alike =
    earlier.family === later.family &&
    same(later.extents, earlier.extents) &&
    same(later.reduced, earlier.reduced);
  return alike ? fusion(earlier.family, earlier) : undefined;
}

/** Everything that members of one group read from the other is the value at the very same position. */
function readsInPlace(
  later: Group,
  earlier: Group,
  fusion: Fusion,
  members: ReadonlyMap<Tensor, Member>,
  dependencies: Dependencies,
): boolean {
  const levelOf = (member: Member): Member["level"] => {
    if (member.group === later && fusion.laterAtResults) return "result";
    if (member.group === earlier && fusion.earlierAtResults) return "result";
    return member.level;
  };
  const shape = { extents: fusion.extents, reduced: fusion.reduced };
  return [...later.members, ...earlier.members].every((member) =>
    member.references.every(({ node, view }) => {
      // Regions are complete only when all of their writers are done.
      const pieces = members.has(node) ? [] : dependencies.homes(node);
      if (pieces.some((home) => home === later || home === earlier)) return false;
      const read = members.get(node);
      if (read === undefined || (read.group !== later && read.group !== earlier)) return true;
      if (view === undefined) return false;
      // A column's result is known only after its last row: no element may use it.
      if (
        fusion.family === "column" &&
        readLevel(member, levelOf) === "element" &&
        levelOf(read) === "result"
      )
        return false;
      return sameWalk(
        place(view, readLevel(member, levelOf), shape),
        place(contiguous(node.shape), levelOf(read), shape),
      );
    }),
  );
}

/** A reduction reads at elements although its result is one level up. */
function readLevel(member: Member, levelOf: (member: Member) => Member["level"]): Member["level"] {
  return member.kind === "row" || member.kind === "column" ? "element" : levelOf(member);
}

/** A view over a tensor's shape becomes a view over the group's extents: axes of extent 1 go, reduced extents get stride 0. */
export function place(
  view: View,
  level: Member["level"],
  { extents, reduced }: Pick<Group, "extents" | "reduced">,
): View {
  const strides = view.strides.filter((_, axis) => view.shape[axis] !== 1);
  if (level === "result")
    strides.splice(reduced[0], 0, ...new Array<number>(reduced[1] - reduced[0]).fill(0));
  invariant(strides.length === extents.length, "a member does not fit its group");
  return { shape: extents, strides, offset: view.offset };
}

export function sameWalk(a: View, b: View): boolean {
  return a.offset === b.offset && a.strides.every((stride, i) => stride === b.strides[i]);
}

function merge(later: Group, earlier: Group, fusion: Fusion, groups: Set<Group>): void {
  if (fusion.earlierAtResults) for (const member of earlier.members) member.level = "result";
  if (fusion.laterAtResults) for (const member of later.members) member.level = "result";
  earlier.family = fusion.family;
  earlier.reduced = fusion.reduced;
  Object.assign(earlier, { extents: fusion.extents });
  for (const member of later.members) member.group = earlier;
  earlier.members.push(...later.members);
  earlier.members.sort((a, b) => a.id - b.id);
  groups.delete(later);
}

function nameOf({ node, id }: Member): string {
  return `${node.op} #${id}`;
}

function describe(group: Group): string {
  return `the ${group.family} [${group.extents.join(", ")}] of ${group.members.map(nameOf).join(", ")}`;
}
