import { invariant, type Tensor } from "@myelin/tensor";
import type { Dependencies } from "./dependencies.js";
import type { Group, Member } from "./group.js";
import { contiguous, type View } from "./view.js";

/** What one kernel for two groups would be. */
export interface Fusion {
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
export function fusionOf(later: Group, earlier: Group): Fusion | undefined {
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
export function readsInPlace(
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

function sameWalk(a: View, b: View): boolean {
  return a.offset === b.offset && a.strides.every((stride, i) => stride === b.strides[i]);
}
