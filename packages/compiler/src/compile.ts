import { ArgumentError, make, sizeOf, type Tensor } from "@myelin/tensor";
import { assemble } from "./assemble.js";
import { constant } from "./body.js";
import { analyse, type Computed, isLeaf } from "./computed.js";
import { isPlain, same } from "./fusion.js";
import { type GroupOptions, group } from "./group.js";
import { lower } from "./lower.js";
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
  readonly fuse?: boolean;
  /** Without the rewrites that only make gradients faster when false; see `simplify`. Default true. */
  readonly rewrite?: boolean;
}

/** Compiles a step: simplify, choose what is computed, group into kernels, order them, plan memory. */
export function compile(step: Step, options: CompileOptions = {}): Program {
  return compileSimplified(step, simplifiedRoots(step, options), options);
}

/** The outputs, then the values of the assignments, simplified. A bare leaf becomes a copy, because kernels compute roots. */
export function simplifiedRoots({ outputs, assignments }: Step, { rewrite }: CompileOptions): Tensor[] {
  const values = assignments.map(({ op, inputs }) => {
    if (op !== "assign")
      throw new ArgumentError("compile", "assignments made by assign(parameter, value)", op);
    return inputs[1] as Tensor;
  });
  // `stopGradient` computes nothing else.
  return simplify([...Object.values(outputs), ...values], rewrite).map((root) =>
    isLeaf(root) ? make("stopGradient", [root], {}) : root,
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

interface Assignment {
  readonly parameter: BufferId;
  readonly value: BufferId;
}

function attempt(
  { name, outputs, assignments: assigned }: Step,
  roots: readonly Tensor[],
  stored: ReadonlySet<Tensor>,
  options: Omit<GroupOptions, "updates">,
): Program {
  const analysis = analyse(roots, stored);
  const buffers = roots.map(analysis.bufferOf) as BufferId[];
  const names = Object.keys(outputs);
  const results = Object.fromEntries(names.map((key, i) => [key, buffers[i] as BufferId]));
  const assignments = assigned.map(
    ({ inputs }, i): Assignment => ({
      parameter: analysis.bufferOf(inputs[0] as Tensor) as BufferId,
      value: buffers[names.length + i] as BufferId,
    }),
  );
  // One update in place per value: a second parameter that gets the same value receives a copy.
  const updates = new Map<BufferId, BufferId>();
  for (const { parameter, value } of assignments) if (!updates.has(value)) updates.set(value, parameter);
  const groups = group(analysis, { ...options, updates });
  const kernels = lower(groups, buffers);
  for (const [value, parameter] of updates)
    if (!canOverwrite(parameter, analysis.computed[value] as Computed, kernels)) updates.delete(value);
  for (;;) {
    const tasks = [
      ...kernels.map((kernel, i) => taskOf(kernel, groups[i]?.id as number, updates)),
      ...analysis.computed.flatMap(fillTask),
      ...assignments.flatMap(({ parameter, value }, i) =>
        updates.get(value) === parameter
          ? []
          : copyTask(analysis.tensors[parameter] as Tensor, parameter, value, analysis.computed.length + i),
      ),
    ];
    const order = schedule(tasks, analysis.isLeaf);
    if (order !== undefined) return assemble(name, order, results, analysis.tensors, updates);
    // A circle (two parameters that swap their values): give up one in-place update, its value is copied at the end.
    const [first] = updates.keys();
    if (first === undefined)
      throw new Error("Myelin is broken here, please report it: kernels wait for each other");
    updates.delete(first);
  }
}

/** The kernel that computes the new value may overwrite the old one if it reads each element only where it writes it. */
function canOverwrite(parameter: BufferId, { id, kind }: Computed, kernels: readonly Kernel[]): boolean {
  if (kind === "regions" || kind === "accumulate") return false;
  for (const kernel of kernels) {
    const target = kernel.stores.find(({ address }) => address.buffer === id)?.address;
    if (target === undefined) continue;
    return readsOf(kernel).every(
      (read) =>
        read.buffer !== parameter ||
        (isPlain(read) && read.offset === target.offset && same(read.strides, target.strides)),
    );
  }
  return false;
}

/** The kernel's writes include the parameters over which its values are written. */
function taskOf(kernel: Kernel, rank: number, updates: ReadonlyMap<BufferId, BufferId>): Task {
  const writes = kernel.stores.flatMap(({ address: { buffer } }) => [buffer, updates.get(buffer) ?? buffer]);
  return { kernel, rank, reads: readsOf(kernel), writes };
}

/** What is added to, or put together with gaps, is filled before. */
function fillTask({ id, node, kind, regions }: Computed): Task[] {
  if (kind !== "accumulate" && regions?.gaps !== true) return [];
  const kernel = flatKernel(node, id, constant(regions?.fill ?? 0, node.dtype === "f32" ? "f32" : "i32"));
  return [{ kernel, rank: id, reads: [], writes: [id], fills: true }];
}

/** Copies a new value into its parameter, after every reader of the old value. */
function copyTask(node: Tensor, parameter: BufferId, value: BufferId, rank: number): Task {
  const address = { buffer: value, offset: 0, strides: [1] };
  const type = node.dtype === "f32" ? "f32" : "i32";
  const kernel = flatKernel(node, parameter, { op: "load", type, address });
  return { kernel, rank, reads: [address], writes: [parameter] };
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
