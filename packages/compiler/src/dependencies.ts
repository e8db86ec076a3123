import type { Tensor } from "@myelin/tensor";
import type { Analysis } from "./computed.js";
import type { Group, Member, Updates } from "./group.js";

/** Which kernels must run before which; also those that read a parameter before the one that updates it. */
export class Dependencies {
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
