import { ArgumentError, make, type Node, sizeOf, type Tensor } from "@myelin/tensor";
import { Body, resolveAddress, type Storage } from "./body.js";
import { type Analysis, analyse, type Computed } from "./computed.js";
import { MustSeparate, MustStore } from "./expression.js";
import { type Grouping, group, leafStorage, type Updates } from "./group.js";
import { lower, type SymbolicKernel } from "./lower.js";
import { planArena } from "./plan.js";
import type { BufferSpec, Instruction, Kernel, Place, Program, StorageType } from "./program.js";
import { type InPlace, schedule, type Task, taskOf } from "./schedule.js";
import { type SimplifyOptions, simplify } from "./simplify.js";
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

/** Numbers the buffers, gives each a place, and resolves addresses. */
function assemble(
  name: string,
  outputs: Readonly<Record<string, Tensor>>,
  order: readonly Task[],
  analysis: Analysis,
  inPlace: InPlace,
): Program {
  const owner = new Map<Storage, Tensor>(analysis.computed.map((computed) => [computed, computed.node]));
  const alias = new Map<Storage, Tensor>([...inPlace].map(([parameter, computed]) => [computed, parameter]));
  const leaf = (tensor: Tensor): Storage => leafStorage(tensor) as Storage;
  const buffers: BufferSpec[] = [];
  const numbers = new Map<Storage, number>();
  const scratch: { readonly buffer: number; readonly storage: Storage }[] = [];
  const leaves = leavesOf(analysis);
  const bufferOf = (storage: Storage): number => {
    const known = numbers.get(storage);
    if (known !== undefined) return known;
    const parameter = alias.get(storage);
    if (parameter !== undefined) {
      const number = bufferOf(leaf(parameter));
      numbers.set(storage, number);
      return number;
    }
    const tensor = owner.get(storage) ?? leaves.get(storage);
    if (tensor === undefined)
      throw new Error("Myelin is broken here, please report it: a buffer without an owner");
    const number = buffers.length;
    numbers.set(storage, number);
    if (needsArena(tensor)) scratch.push({ buffer: number, storage });
    buffers.push(bufferSpec(tensor, number));
    return number;
  };
  for (const parameter of inPlace.keys()) leaves.set(leaf(parameter), parameter);
  const kernels = order.map(({ kernel }) => numbered(kernel, bufferOf));
  const outputNumbers = Object.fromEntries(
    Object.entries(outputs).map(([output, tensor]) => [output, bufferOf(analysis.of.get(tensor) as Storage)]),
  );
  const inputNumbers = Object.fromEntries(
    [...leaves]
      .filter(([, tensor]) => tensor.op === "input")
      .map(([storage, tensor]) => [(tensor as Node<"input">).attributes.name, bufferOf(storage)]),
  );
  const always = new Set([...Object.values(outputNumbers), ...Object.values(inputNumbers)]);
  const lifetimes = scratch.map(({ buffer }) =>
    lifetimeOf(buffer, buffers[buffer] as BufferSpec, kernels, always.has(buffer)),
  );
  const plan = planArena(lifetimes);
  scratch.forEach(({ buffer }, i) => {
    buffers[buffer] = {
      ...(buffers[buffer] as BufferSpec),
      place: { kind: "scratch", byteOffset: plan.offsets[i] as number },
    };
  });
  return {
    name,
    buffers,
    kernels,
    scratchBytes: plan.bytes,
    inputs: inputNumbers,
    outputs: outputNumbers,
  };
}

function leavesOf(analysis: Analysis): Map<Storage, Tensor> {
  const found = new Map<Storage, Tensor>();
  const seen = new Set<Tensor>();
  const stack = analysis.computed.map(({ node }) => node);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
    const storage = leafStorage(node);
    if (storage !== undefined) found.set(storage, node);
  }
  return found;
}

const BYTES: Readonly<Record<StorageType, number>> = { f32: 4, i32: 4, u8: 1 };

function needsArena(tensor: Tensor): boolean {
  return tensor.op !== "parameter" && tensor.op !== "constant";
}

function bufferSpec(tensor: Tensor, number: number): BufferSpec {
  const isLeaf = leafStorage(tensor) !== undefined;
  const dtype: StorageType = tensor.dtype === "f32" ? "f32" : tensor.dtype === "u8" && isLeaf ? "u8" : "i32";
  const name =
    tensor.op === "parameter" || tensor.op === "input"
      ? (tensor as Node<"parameter">).attributes.name
      : `${tensor.op}_${number}`;
  return { name, dtype, shape: tensor.shape, elements: sizeOf(tensor.shape), place: placeOf(tensor, dtype) };
}

function placeOf(tensor: Tensor, dtype: StorageType): Place {
  if (tensor.op === "parameter") return { kind: "variable", variable: tensor };
  if (tensor.op !== "constant") return { kind: "scratch", byteOffset: 0 };
  const { data } = (tensor as Node<"constant">).attributes;
  return {
    kind: "constant",
    data:
      dtype === "f32"
        ? Float32Array.from(data)
        : dtype === "u8"
          ? Uint8Array.from(data)
          : Int32Array.from(data),
  };
}

function lifetimeOf(
  buffer: number,
  spec: BufferSpec,
  kernels: readonly Kernel[],
  always: boolean,
): { bytes: number; first: number; last: number } {
  const uses = kernels.flatMap((kernel, i) => (touches(kernel, buffer) ? [i] : []));
  return {
    bytes: spec.elements * BYTES[spec.dtype],
    first: always ? 0 : Math.min(...uses),
    last: always ? kernels.length : Math.max(...uses),
  };
}

function touches({ body, stores, contraction }: Kernel, buffer: number): boolean {
  return (
    stores.some(({ address }) => address.buffer === buffer) ||
    body.some((instruction) => instruction.op === "load" && instruction.address.buffer === buffer) ||
    contraction?.left.buffer === buffer ||
    contraction?.right.buffer === buffer
  );
}

function numbered(kernel: SymbolicKernel, bufferOf: (storage: Storage) => number): Kernel {
  const body = kernel.body.map((instruction): Instruction => {
    if (instruction.op === "load")
      return { ...instruction, address: resolveAddress(instruction.address, bufferOf) };
    if (instruction.op === "index")
      return { op: "index", type: "i32", offset: instruction.view.offset, strides: instruction.view.strides };
    return instruction;
  });
  const stores = kernel.stores.map((store) => ({
    ...store,
    address: resolveAddress(store.address, bufferOf),
  }));
  const base = { family: kernel.family, extents: kernel.extents, body, stores, origins: kernel.origins };
  if (kernel.contraction === undefined) return base;
  const { left, right, extents } = kernel.contraction;
  const operand = ({ storage, ...walk }: typeof left) => ({ buffer: bufferOf(storage), ...walk });
  return { ...base, contraction: { extents, left: operand(left), right: operand(right) } };
}
