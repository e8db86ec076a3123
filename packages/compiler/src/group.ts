import type { Analysis, Computed } from "./computed.js";
import { fused, isNumber, isPlain, readsInPlace } from "./fusion.js";
import { type Member, memberOf } from "./member.js";
import { precedence } from "./precedence.js";
import type { BufferId } from "./program.js";

/** Computed nodes that share one kernel. Extents of 1 are left out of `extents`. */
export interface Group {
  readonly id: BufferId;
  readonly family: Exclude<Computed["kind"], "regions">;
  readonly extents: readonly number[];
  /** A range of the extents: those that are reduced, the rows of a contraction, the positions of windows; else empty. */
  readonly range: readonly [from: number, to: number];
  readonly members: Member[];
  /** Members with one value per position of the extents that are not reduced; others have one per position of all. */
  readonly atResults: Set<Member>;
}

export interface GroupOptions {
  /** Values that may be written over the parameter which they update. */
  readonly updates: ReadonlyMap<BufferId, BufferId>;
  readonly fuse: boolean;
  /** Nodes that share their kernel with nothing. */
  readonly alone: ReadonlySet<unknown>;
  /** Hears of every group that joins another, before it does; `producer` is what it reads there. For people. */
  readonly onJoin?: ((later: Group, earlier: Group, producer?: Member) => void) | undefined;
}

/**
 * Puts computed nodes into kernels, greedily and in order: a node joins the kernel of something that it reads element by
 * element, when the iteration spaces agree and no other kernel would have to run in between. Then kernels of one space that
 * share an operand, or compute numbers of any kind, become one kernel with several results.
 */
export function group(analysis: Analysis, { updates, fuse, alone, onJoin }: GroupOptions): Group[] {
  const groups = new Set<Group>();
  const members = new Map<BufferId, Member>();
  const { add, before } = precedence<Member>(analysis.isLeaf);

  /** Whether a third group has to run between the two. */
  const isBetween = (later: Group, earlier: Group): boolean => {
    const seen = new Set([later]);
    for (const group of seen) {
      for (const member of group.members) {
        for (const { group: needed } of before(member)) {
          if (needed !== earlier) seen.add(needed);
          else if (group !== later) return true;
        }
      }
    }
    return false;
  };

  const join = (later: Group, earlier: Group, producer?: Member): void => {
    const both = fused(later, earlier);
    if (!both) return;
    if (!producer && !(isNumber(later) && isNumber(earlier)) && !shareOperand(later, earlier)) return;
    const isInside = (member: Member) => member.group === later || member.group === earlier;
    if (
      both.members.some(({ node }) => alone.has(node)) ||
      !readsInPlace(both, members, isInside) ||
      isBetween(later, earlier) ||
      isBetween(earlier, later)
    )
      return;
    onJoin?.(later, earlier, producer);
    for (const member of later.members) member.group = earlier;
    Object.assign(earlier, both);
    groups.delete(later);
  };

  /** An operand that both walk; single numbers do not count. */
  const shareOperand = (a: Group, b: Group): boolean => {
    const walked = (group: Group) =>
      group.members.flatMap(({ reads }) => reads.flatMap((read) => (isPlain(read) ? read.buffer : [])));
    const ofA = new Set(walked(a));
    return walked(b).some((buffer) => ofA.has(buffer) && analysis.tensors[buffer]?.shape.length !== 0);
  };

  for (const computed of analysis.computed) {
    if (computed.kind === "regions") continue;
    const member = memberOf(computed, analysis, updates.get(computed.id));
    groups.add(member.group);
    members.set(computed.id, member);
    add(member);
    if (!fuse) continue;
    for (const { buffer } of member.reads) {
      const producer = members.get(buffer);
      if (producer && producer.group !== member.group) join(member.group, producer.group, producer);
    }
  }
  if (fuse) {
    for (const earlier of groups) {
      let isLater = false;
      for (const later of groups) {
        if (isLater) join(later, earlier);
        isLater ||= later === earlier;
      }
    }
  }
  return [...groups];
}
