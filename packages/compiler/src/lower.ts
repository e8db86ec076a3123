import { constant, type Write, writerOf } from "./body.js";
import { atLevel } from "./fusion.js";
import type { Group } from "./group.js";
import { layLoops } from "./lay.js";
import { reduces } from "./member.js";
import type { BufferId, Instruction, Kernel, Store, Value } from "./program.js";
import { readsOf, type Walk, withOperands, withRow, withWalk } from "./walk.js";

/** A kernel for every group; buffers are still numbered as in the analysis. `kept` are stored whoever reads them. */
export function lower(groups: readonly Group[], kept: readonly BufferId[]): Kernel[] {
  const drafts = groups.map(paste);
  // Only when all bodies are written it is known which values other kernels load.
  const stored = new Set([...kept, ...drafts.flatMap(readsOf).map(({ buffer }) => buffer)]);
  return groups.map((group, i) => {
    const { body, write, pasted, contraction } = drafts[i] as Draft;
    const stores: Store[] = [];
    for (const member of group.members) {
      const { id, kind, homes, value: local } = member;
      const moved = pasted.get(id) as Move;
      for (const home of homes) {
        if (home.buffer === id && !stored.has(id)) continue;
        const value = moved(local);
        const isBool = body[value]?.type === "bool";
        stores.push({
          address: atLevel(group, member, withRow(home, moved)),
          value: isBool ? write({ op: "cast", type: "i32", input: value }) : value,
          accumulate: kind === "accumulate",
        });
      }
    }
    return layLoops(group, {
      family: "map",
      extents: group.extents,
      body,
      stores,
      contraction,
      origins: [...new Set(group.members.flatMap(({ node }) => [...node.origins]))],
    });
  });
}

/** From a value in the body of a member to the value in the body of its group. */
type Move = (value: Value) => Value;

interface Draft extends Pick<Kernel, "contraction"> {
  readonly body: Instruction[];
  readonly write: Write;
  /** By the buffers of members. */
  readonly pasted: ReadonlyMap<BufferId, Move>;
}

/** Pastes the bodies of a group's members together: what one reads of another is there already. */
function paste(group: Group): Draft {
  const body: Instruction[] = [];
  const write = writerOf(body);
  const pasted = new Map<BufferId, Move>();
  const values = new Map<BufferId, Value>();
  for (const member of group.members) {
    const local: Value[] = [];
    const moved: Move = (value) => local[value] as Value;
    const placed = <Kind extends Walk>(walk: Kind) => (reduces(member) ? walk : atLevel(group, member, walk));
    for (const instruction of member.body) {
      const known = instruction.op === "load" ? values.get(instruction.address.buffer) : undefined;
      local.push(known ?? writeStored(withWalk(withOperands(instruction, moved), placed), write));
    }
    pasted.set(member.id, moved);
    values.set(member.id, moved(member.value));
  }
  const contraction = group.members.find((member) => member.contraction)?.contraction;
  return { body, write, pasted, contraction };
}

/** In memory, `bool` is 0 or 1 as i32. */
function writeStored(instruction: Instruction, write: Write): Value {
  if (instruction.op !== "load" || (instruction.type as string) !== "bool") return write(instruction);
  const left = write({ ...instruction, type: "i32" });
  return write({ op: "compare", type: "bool", comparison: "equal", left, right: write(constant(1, "i32")) });
}
