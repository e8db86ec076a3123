import { invariant, type Node, type Tensor } from "@myelin/tensor";
import type { Storage } from "./body.js";
import type { Analysis, Computed } from "./computed.js";
import { Dependencies } from "./dependencies.js";
import { type Fusion, fusionOf, readsInPlace } from "./fusion.js";
import { type Reference, referencesOf } from "./references.js";

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
