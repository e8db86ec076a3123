import { invariant, make, type Node, sizeOf, type Tensor, want } from "@myelin/tensor";
import { assemble } from "./assemble.js";
import { constant } from "./body.js";
import { analyse, ownsMemory } from "./computed.js";
import { numberType } from "./expression.js";
import { isInPlace } from "./fusion.js";
import { type Group, type GroupOptions, group } from "./group.js";
import { lower } from "./lower.js";
import type { Member } from "./member.js";
import type { BufferId, Instruction, Kernel, Program } from "./program.js";
import { schedule, type Task } from "./schedule.js";
import { simplify } from "./simplify.js";
import { Unwritable } from "./unwritable.js";
import { readsOf } from "./walk.js";

/** One step as expressions: what JavaScript reads afterwards, and which parameters get which new values. */
export interface Step {
  readonly name: string;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Results of `assign(parameter, value)`. Values are computed from the parameters' contents before the step. */
  readonly assignments: readonly Tensor[];
}

export interface CompileOptions {
  /** One kernel per operation when false. Default true. */
  readonly fuse?: boolean | undefined;
  /** Without the rewrites that only make things faster when false; see `simplify`. Default true. */
  readonly rewrite?: boolean | undefined;
}

/** Compiles a step: simplify, choose what is computed, group into kernels, order them, plan memory. */
export function compile(step: Step, options: CompileOptions = {}): Program {
  return compileSimplified(step, simplifiedRoots(step, options), options);
}

/** The outputs, then the values of the assignments, simplified. A bare leaf becomes a copy, because kernels compute roots. */
export function simplifiedRoots({ outputs, assignments }: Step, { rewrite }: CompileOptions): Tensor[] {
  const written = new Set<unknown>();
  const values = assignments.map(({ op, inputs: [parameter, value] }) => {
    want(op === "assign", "compile", "assign(parameter, value)", op);
    const { name } = (parameter as Node<"parameter">).attributes;
    want(!written.has(parameter), "compile", "one assignment per parameter", name);
    written.add(parameter);
    return value as Tensor;
  });
  // `stopGradient` computes nothing else.
  return simplify([...Object.values(outputs), ...values], rewrite).map((root) =>
    ownsMemory(root) ? make("stopGradient", [root], {}) : root,
  );
}

/** Lowers; where no loop nest can express something, learns from it and starts again (with a new listener). */
export function compileSimplified(
  step: Step,
  roots: readonly Tensor[],
  { fuse = true }: CompileOptions,
  listener?: () => GroupOptions["onJoin"],
): Program {
  const remedies = { stored: new Set<Tensor>(), alone: new Set<Tensor>() };
  for (;;) {
    try {
      return attempt(step, roots, remedies.stored, { fuse, alone: remedies.alone, onJoin: listener?.() });
    } catch (error) {
      if (!(error instanceof Unwritable) || remedies[error.remedy].has(error.node)) throw error;
      remedies[error.remedy].add(error.node);
    }
  }
}

function attempt(
  { name, outputs, assignments: assigned }: Step,
  roots: readonly Tensor[],
  stored: ReadonlySet<Tensor>,
  options: Omit<GroupOptions, "updates">,
): Program {
  const analysis = analyse(roots, stored);
  const { computed, tensors, bufferOf, isLeaf } = analysis;
  const buffers = roots.map(bufferOf) as BufferId[];
  const names = Object.keys(outputs);
  const assignments = assigned.map(
    ({ inputs: [parameter] }, i) =>
      [buffers[names.length + i] as BufferId, bufferOf(parameter as Tensor) as BufferId] as const,
  );
  // One update in place per value: a second parameter that gets the same value receives a copy.
  const updates = new Map<BufferId, BufferId>();
  for (const [value, parameter] of assignments) if (!updates.has(value)) updates.set(value, parameter);
  const groups = group(analysis, { ...options, updates });
  const kernels = lower(groups, buffers);
  const inPlace = new Map(
    [...updates].filter(([value, parameter]) => canOverwrite(parameter, value, groups)),
  );
  for (;;) {
    const tasks: Task[] = [];
    const add = (kernel: Kernel, rank: number, fills = false) => {
      // A kernel writes over parameters, too, where its values are their updates.
      const writes = kernel.stores.flatMap(({ address: { buffer } }) => [
        buffer,
        inPlace.get(buffer) ?? buffer,
      ]);
      // Loops over nothing are left out: not all families end one.
      if (writes.length && sizeOf(kernel.extents))
        tasks.push({ kernel, rank, fills, reads: readsOf(kernel), writes });
    };
    for (const [i, kernel] of kernels.entries()) add(kernel, groups[i]?.id as number);
    for (const { id, node, kind, regions } of computed) {
      // What is added to, or put together with gaps, is filled before.
      if (kind === "accumulate" || regions?.gaps)
        add(flatKernel(node, id, constant(regions?.fill ?? 0, numberType(node.dtype))), id, true);
    }
    assignments.forEach(([value, parameter], i) => {
      if (inPlace.get(value) === parameter) return;
      const node = tensors[parameter] as Tensor;
      const address = { buffer: value, offset: 0, strides: [1] };
      const load: Instruction = { op: "load", type: numberType(node.dtype), address };
      add(flatKernel(node, parameter, load), computed.length + i);
    });
    const order = schedule(tasks, isLeaf);
    if (order) {
      const results = names.map((key, i) => [key, buffers[i] as BufferId] as const);
      return assemble(name, order, results, tensors, inPlace);
    }
    // A circle (two parameters that swap their values): give up one in-place update, its value is copied at the end.
    const [first] = inPlace.keys();
    invariant(first !== undefined, "kernels wait for each other");
    inPlace.delete(first);
  }
}

/** The kernel that computes the new value may overwrite the old one if it reads each element only where it writes it. */
function canOverwrite(parameter: BufferId, value: BufferId, groups: readonly Group[]): boolean {
  return groups.some((group) => {
    const source = group.members.find(({ id, kind }) => id === value && kind !== "accumulate");
    const allows = (member: Member) =>
      member.reads.every(
        (read) => read.buffer !== parameter || isInPlace(group, member, read, source as Member),
      );
    return !!source && group.members.every(allows);
  });
}

/** Writes one instruction's value into all elements of a buffer. */
function flatKernel({ shape, origins }: Tensor, buffer: BufferId, instruction: Instruction): Kernel {
  return {
    family: "map",
    extents: [sizeOf(shape)],
    body: [instruction],
    stores: [{ address: { buffer, offset: 0, strides: [1] }, value: 0 }],
    origins: [...origins],
  };
}
