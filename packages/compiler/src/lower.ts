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
    const { body, write, values, stores, contraction } = drafts[i] as Draft;
    for (const member of group.members) {
      const value = values.get(member.id);
      if (value === undefined) continue;
      const homes = member.homes.filter(({ buffer }) => buffer !== member.id || stored.has(buffer));
      if (homes.length === 0) continue;
      const isBool = body[value]?.type === "bool";
      const storable = isBool ? write({ op: "cast", type: "i32", input: value }) : value;
      for (const home of homes) stores.push({ address: atLevel(group, member, home), value: storable });
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

interface Draft extends Pick<Kernel, "contraction"> {
  readonly body: Instruction[];
  readonly write: Write;
  /** Values of members, by their buffers. */
  readonly values: ReadonlyMap<BufferId, Value>;
  readonly stores: Store[];
}

/** Pastes the bodies of a group's members together: what one reads of another is there already. */
function paste(group: Group): Draft {
  const body: Instruction[] = [];
  const write = writerOf(body);
  const values = new Map<BufferId, Value>();
  const stores: Store[] = [];
  for (const member of group.members) {
    const pasted: Value[] = [];
    const moved = (value: Value) => pasted[value] as Value;
    const placed = <Kind extends Walk>(walk: Kind) => (reduces(member) ? walk : atLevel(group, member, walk));
    for (const instruction of member.body) {
      const known = instruction.op === "load" ? values.get(instruction.address.buffer) : undefined;
      pasted.push(known ?? writeStored(withWalk(withOperands(instruction, moved), placed), write));
    }
    const value = moved(member.value);
    if (member.target === undefined) values.set(member.id, value);
    else stores.push({ address: placed(withRow(member.target, moved)), value, accumulate: true });
  }
  const contraction = group.members.find((member) => member.contraction)?.contraction;
  return { body, write, values, stores, contraction };
}

/** In memory, `bool` is 0 or 1 as i32. */
function writeStored(instruction: Instruction, write: Write): Value {
  if (instruction.op !== "load" || (instruction.type as string) !== "bool") return write(instruction);
  const left = write({ ...instruction, type: "i32" });
  return write({ op: "compare", type: "bool", comparison: "equal", left, right: write(constant(1, "i32")) });
}
