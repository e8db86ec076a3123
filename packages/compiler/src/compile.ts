import { ArgumentError, make, sizeOf, type Tensor } from "@myelin/tensor";
import { assemble } from "./assemble.js";
import { Body, type Storage } from "./body.js";
import { type Analysis, analyse, type Computed } from "./computed.js";
import { MustSeparate, MustStore } from "./expression.js";
import { type Grouping, group, type Updates } from "./group.js";
import { leafStorage } from "./leaf-storage.js";
import { lower } from "./lower.js";
import type { Program } from "./program.js";
import { type InPlace, schedule, type Task, taskOf } from "./schedule.js";
import { type SimplifyOptions, simplify } from "./simplify.js";
import type { SymbolicKernel } from "./symbolic-kernel.js";
import { contiguous } from "./view.js";

/** One step as expressions: what JavaScript reads afterwards, and which parameters get which new values. */
export interface Step {
  readonly name: string;
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Results of `assign(parameter, value)`. Values are computed from the parameters' contents before the step. */
  readonly assignments: readonly Tensor[];
}

export interface CompileOptions extends SimplifyOptions {
  /** One kernel per operation when false. Default true. */
  readonly fuse?: boolean;
}

/** The stages of a compilation, for `explain`. */
export interface Compilation {
  readonly program: Program;
  readonly graph: readonly Tensor[];
  /** Why kernels were put together. */
  readonly reasons: readonly string[];
}

/** Compiles a step: simplify, choose what is computed, group into kernels, order them, plan memory. */
export function compile(step: Step, options: CompileOptions = {}): Program {
  return compileWithStages(step, options).program;
}

export function compileWithStages(step: Step, options: CompileOptions = {}): Compilation {
  const assignments = step.assignments.map((node) => {
    if (node.op !== "assign")
      throw new ArgumentError("compile", "assignments made by assign(parameter, value)", node.op);
    return { parameter: node.inputs[0] as Tensor, value: node.inputs[1] as Tensor };
  });
  const names = Object.keys(step.outputs);
  const wanted = [...Object.values(step.outputs), ...assignments.map(({ value }) => value)];
  const roots = simplify(wanted, options).map(asRoot);
  const outputs = Object.fromEntries(names.map((name, i) => [name, roots[i] as Tensor]));
  const values = assignments.map(({ parameter }, i) => ({
    parameter,
    value: roots[names.length + i] as Tensor,
  }));
  return { ...lowered(step.name, outputs, values, options.fuse ?? true), graph: roots };
}

type Lowered = Omit<Compilation, "graph">;

interface Assignment {
  readonly parameter: Tensor;
  readonly value: Tensor;
}

/** A root is computed by a kernel, so a bare leaf becomes a copy (`stopGradient` computes nothing else). */
function asRoot(node: Tensor): Tensor {
  return leafStorage(node) === undefined ? node : make("stopGradient", [node], {});
}

/** What earlier attempts at lowering found out. */
interface Constraints {
  /** Nodes to store, because strides cannot express a walk over them otherwise. */
  readonly stored: Set<Tensor>;
  /** Nodes that need a kernel of their own. */
  readonly alone: Set<Tensor>;
}

/** Lowers; where no loop nest can express something, learns from it and starts again. */
function lowered(
  name: string,
  outputs: Readonly<Record<string, Tensor>>,
  assignments: readonly Assignment[],
  fuse: boolean,
): Lowered {
  const constraints: Constraints = { stored: new Set(), alone: new Set() };
  for (;;) {
    try {
      return attempt(name, outputs, assignments, constraints, fuse);
    } catch (error) {
      const learned = error instanceof MustStore ? constraints.stored : constraints.alone;
      const isLesson = error instanceof MustStore || error instanceof MustSeparate;
      if (!isLesson || learned.has(error.node)) throw error;
      learned.add(error.node);
    }
  }
}

function attempt(
  name: string,
  outputs: Readonly<Record<string, Tensor>>,
  assignments: readonly Assignment[],
  { stored, alone }: Constraints,
  fuse: boolean,
): Lowered {
  const roots = [...new Set([...Object.values(outputs), ...assignments.map(({ value }) => value)])];
  const analysis = analyse(roots, stored);
  const updates = candidateUpdates(assignments);
  const grouping = group(analysis, updates, { fuse, alone });
  const kernels = lower(analysis, grouping, new Set(roots));
  const inPlace = new Map(
    [...updates].filter(([parameter, value]) =>
      updatesInPlace(parameter, value, analysis, grouping, kernels),
    ),
  );
  for (;;) {
    const places = new Map(
      [...inPlace].map(([parameter, value]) => [parameter, analysis.of.get(value) as Computed]),
    );
    const tasks = allTasks(analysis, kernels, assignments, places);
    const order = schedule(tasks, places);
    if (order !== undefined)
      return { program: assemble(name, outputs, order, analysis, places), reasons: grouping.reasons };
    // A circle (two parameters that swap their values): give up one in-place update, its value is copied at the end.
    const [first] = inPlace.keys();
    if (first === undefined)
      throw new Error("Myelin is broken here, please report it: kernels wait for each other");
    inPlace.delete(first);
  }
}

/** One update in place per value: a second parameter that gets the same value receives a copy. */
function candidateUpdates(assignments: readonly Assignment[]): Updates {
  const taken = new Set<Tensor>();
  const updates = new Map<Tensor, Tensor>();
  for (const { parameter, value } of assignments) {
    if (taken.has(value)) continue;
    taken.add(value);
    updates.set(parameter, value);
  }
  return updates;
}

/** The kernel that computes the new value may overwrite the old one if it reads each element only where it writes it. */
function updatesInPlace(
  parameter: Tensor,
  value: Tensor,
  analysis: Analysis,
  grouping: Grouping,
  kernels: ReadonlyMap<unknown, SymbolicKernel>,
): boolean {
  const computed = analysis.of.get(value);
  if (computed === undefined) return false;
  if (computed.kind === "regions" || computed.kind === "accumulate") return false;
  const kernel = kernels.get(grouping.members.get(value)?.group);
  const store = kernel?.stores.find(({ address }) => address.storage === computed);
  if (kernel === undefined || store === undefined) return false;
  const old = leafStorage(parameter);
  if (
    kernel.contraction !== undefined &&
    (kernel.contraction.left.storage === old || kernel.contraction.right.storage === old)
  )
    return false;
  return kernel.body.every((instruction) => {
    if (instruction.op !== "load" || instruction.address.storage !== old) return true;
    const { view, indirect } = instruction.address;
    return (
      indirect === undefined &&
      view.offset === store.address.view.offset &&
      view.strides.every((stride, i) => stride === store.address.view.strides[i])
    );
  });
}

function allTasks(
  analysis: Analysis,
  kernels: ReadonlyMap<{ readonly id: number }, SymbolicKernel>,
  assignments: readonly Assignment[],
  inPlace: InPlace,
): Task[] {
  const tasks: Task[] = [];
  for (const [{ id }, kernel] of kernels) if (kernel.stores.length > 0) tasks.push(taskOf(kernel, id));
  for (const computed of analysis.computed) {
    const needsFill = computed.kind === "accumulate" || computed.regions?.gaps === true;
    if (needsFill)
      tasks.push(taskOf(fillKernel(computed, computed.regions?.fill ?? 0), computed.id, { fills: true }));
  }
  const last = analysis.computed.length;
  assignments.forEach(({ parameter, value }, i) => {
    const computed = analysis.of.get(value) as Computed;
    if (inPlace.get(parameter) === computed) return;
    tasks.push(copyAtEnd(parameter, computed, last + i));
  });
  return tasks;
}

function fillKernel(computed: Computed, value: number): SymbolicKernel {
  const body = new Body();
  const fill = body.constant(value, computed.node.dtype === "f32" ? "f32" : "i32");
  const view = contiguous([sizeOf(computed.node.shape)]);
  return {
    family: "map",
    extents: view.shape,
    body: body.instructions,
    stores: [{ address: { storage: computed, view }, value: fill }],
    origins: [...computed.node.origins],
  };
}

/** Copies a new value into its parameter; `schedule` lets every reader of the old value go first. */
function copyAtEnd(parameter: Tensor, from: Computed, rank: number): Task {
  const body = new Body();
  const view = contiguous([sizeOf(parameter.shape)]);
  const value = body.load({ storage: from, view }, parameter.dtype === "f32" ? "f32" : "i32");
  const storage = leafStorage(parameter) as Storage;
  const kernel: SymbolicKernel = {
    family: "map",
    extents: view.shape,
    body: body.instructions,
    stores: [{ address: { storage, view }, value }],
    origins: [...parameter.origins],
  };
  return taskOf(kernel, rank);
}
