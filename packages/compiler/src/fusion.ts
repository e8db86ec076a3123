import { sameShape } from "@myelin/tensor";
import type { Group } from "./group.js";
import { type Member, reduces } from "./member.js";
import type { Address, BufferId, Operand } from "./program.js";
import type { Walk } from "./walk.js";

/** What one kernel for both groups would be; undefined when there is none. */
export function fused(later: Group, earlier: Group): Group | undefined {
  const together = (space: Group, atResults: readonly Member[] = []): Group => ({
    ...space,
    id: earlier.id,
    members: [...earlier.members, ...later.members].sort((a, b) => a.id - b.id),
    atResults: new Set([...earlier.atResults, ...later.atResults, ...atResults]),
  });
  // Members of the later group take part per result, not per element.
  if (isOverResults(later, earlier)) return together(earlier, later.members);
  // Numbers only need a place to be computed: with the results of a reduction to a number.
  if (isOverResults(earlier, later) && isNumber(earlier)) return together(later, earlier.members);
  if (!sameShape(later.extents, earlier.extents)) return undefined;
  const { family } = earlier;
  if (later.family === "map")
    return family === "accumulate" || family === "column" ? undefined : together(earlier);
  if (!isReducing(later)) return undefined;
  if (family === "map") return together(later);
  return later.family === family && sameShape(later.range, earlier.range) ? together(earlier) : undefined;
}

/** Whether positions of the one are results of the other. */
function isOverResults(map: Group, reducing: Group): boolean {
  return map.family === "map" && isReducing(reducing) && sameShape(map.extents, resultsOf(reducing));
}

/** Whether the group computes single numbers. */
export function isNumber(group: Group): boolean {
  return resultsOf(group).length === 0;
}

/** Everything that members of the group read from each other is the value at the very same position. */
export function readsInPlace(
  group: Group,
  members: ReadonlyMap<BufferId, Member>,
  isInside: (member: Member) => boolean,
): boolean {
  return group.members.every((member) =>
    member.reads.every((read) => {
      const source = members.get(read.buffer);
      // Regions are complete only when all of their writers are done.
      if (!source)
        return !group.members.some(({ homes }) => homes.some(({ buffer }) => buffer === read.buffer));
      if (!isInside(source)) return true;
      // A column's result is known only after its last row: no element may use it.
      const isEarly =
        group.family === "column" && readsElements(group, member) && group.atResults.has(source);
      return !isEarly && isInPlace(group, member, read, source);
    }),
  );
}

/** Whether a member reads each element at the very position where `source` computes the element in its place. */
export function isInPlace(group: Group, member: Member, read: Address | Operand, source: Member): boolean {
  if (!isPlain(read)) return false;
  const walk = readsElements(group, member) ? read : atLevel(group, member, read);
  const written = atLevel(group, source, source.homes[0] as Address);
  return walk.offset === written.offset && sameShape(walk.strides, written.strides);
}

/** A reduction reads elements although it is a result. */
function readsElements(group: Group, member: Member): boolean {
  return reduces(member) || !group.atResults.has(member);
}

/** Whether positions alone tell which element is read. */
export function isPlain(read: Address | Operand): boolean {
  return !("indirect" in read || "contractedStrides" in read);
}

/**
 * A walk of a member in its own iteration space, as a walk of its group: over results, it stands still while the extents
 * between are reduced.
 */
export function atLevel<Kind extends Walk>(
  { range: [from, to], atResults }: Group,
  member: Member,
  walk: Kind,
): Kind {
  if (!atResults.has(member)) return walk;
  const strides = [...walk.strides];
  strides.splice(from, 0, ...new Array<number>(to - from).fill(0));
  return { ...walk, strides };
}

function isReducing({ family }: Group): boolean {
  return family === "row" || family === "column";
}

function resultsOf(group: Group): readonly number[] {
  const [from, to] = isReducing(group) ? group.range : [0, 0];
  return group.extents.filter((_, axis) => axis < from || axis >= to);
}
