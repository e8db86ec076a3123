import { everyIndex, invariant } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import { interpretContraction } from "./interpret-contraction.js";
import { instructionDefinitions, type Line, type LineStep } from "./interpret-instruction.js";
import { dependsOn, reachesReduction } from "./levels.js";
import type { Address, Instruction, Kernel, Program, Store } from "./program.js";

/**
 * The definition of a Program: runs one step over one array per buffer. Every operation rounds to f32, or wraps to 32
 * bits. A kernel is interpreted a line (its last extent) at a time, which is plain and quick enough to train with.
 */
export function interpretProgram(program: Program, memory: readonly TypedArray[]): void {
  prepareProgram(program, memory)();
}

/** The same, with the work that does not depend on values done beforehand. */
export function prepareProgram(program: Program, memory: readonly TypedArray[]): () => void {
  const kernels = program.kernels.map((kernel, number) => {
    for (const address of addressesOf(kernel)) checkBounds(program, number, kernel, address);
    return prepareKernel(kernel, memory);
  });
  return () => {
    for (const run of kernels) run();
  };
}

function prepareKernel(kernel: Kernel, memory: readonly TypedArray[]): () => void {
  const { body, stores, extents, family } = kernel;
  const width = extents.at(-1) ?? 1;
  const lines = body.map((instruction) => lineOf(instruction, width));
  const steps = body.map((instruction, value): LineStep => {
    if (instruction.op === "accumulator")
      return interpretContraction(kernel, memory, lines[value] as Float32Array);
    const define = instructionDefinitions[instruction.op] as (...all: unknown[]) => LineStep;
    return define(instruction, lines[value], lines, memory, family);
  });
  if (family === "column") return columnKernel(kernel, lines, steps, memory);
  const last = extents.length - 1;
  const writes = stores.map((store) => {
    const once = family === "row" && !dependsOn(body, store.value, last) && !moves(body, store.address, last);
    return storeLine(store, lines, memory, once ? 1 : width);
  });
  return everyPosition(extents.slice(0, -1), [...steps, ...writes]);
}

/** [...outer, reduced, inner]: everything before the reductions once per reduced index, everything after them once. */
function columnKernel(
  { body, stores, extents }: Kernel,
  lines: readonly Line[],
  steps: readonly LineStep[],
  memory: readonly TypedArray[],
): () => void {
  const width = extents.at(-1) as number;
  const reduced = extents.length - 2;
  const isReduction = (value: number) => body[value]?.op === "reduce";
  const reductions = steps.filter((_, value) => isReduction(value));
  const before = steps.filter((_, value) => !reachesReduction(body, value));
  const after = steps.filter((_, value) => reachesReduction(body, value) && !isReduction(value));
  const isElementStore = ({ value, address }: Store) =>
    dependsOn(body, value, reduced) || moves(body, address, reduced);
  const write = (store: Store) => storeLine(store, lines, memory, width);
  const inner = [...before, ...reductions, ...stores.filter(isElementStore).map(write)];
  const outer = [...after, ...stores.filter((store) => !isElementStore(store)).map(write)];
  const clear: LineStep = () => {
    body.forEach((instruction, value) => {
      if (instruction.op === "reduce") lines[value]?.fill(startOf(instruction));
    });
  };
  const count = extents[reduced] as number;
  const position = new Array<number>(reduced + 1).fill(0);
  const reduce: LineStep = (index) => {
    for (let axis = 0; axis < reduced; axis++) position[axis] = index[axis] as number;
    for (let i = 0; i < count; i++) {
      position[reduced] = i;
      for (const step of inner) step(position);
    }
    position[reduced] = 0;
    for (const step of outer) step(position);
  };
  return everyPosition(extents.slice(0, reduced), [clear, reduce]);
}

/** Writes the first `count` elements of a line to memory, or adds them to it. */
function storeLine(
  { address, value, accumulate = false }: Store,
  lines: readonly Line[],
  memory: readonly TypedArray[],
  count: number,
): LineStep {
  const target = memory[address.buffer] as TypedArray;
  const line = lines[value] as Line;
  const step = address.strides[address.strides.length - 1] ?? 0;
  const rows = address.indirect && (lines[address.indirect.value] as Line);
  const rowStride = address.indirect?.stride ?? 0;
  return (position) => {
    const start = elementAt(address, position);
    for (let i = 0; i < count; i++) {
      const at = start + i * step + (rows ? (rows[i] as number) * rowStride : 0);
      const kept = accumulate ? (target[at] as number) : 0;
      // The array rounds; two f32 added in f64 and rounded once are two f32 added in f32.
      target[at] = accumulate ? kept + (line[i] as number) : (line[i] as number);
    }
  };
}

/** Where a line begins: the offset and all strides but the last. */
export function elementAt(
  address: { offset: number; strides: readonly number[] },
  position: readonly number[],
): number {
  let at = address.offset;
  for (let axis = 0; axis < position.length; axis++)
    at += (position[axis] as number) * (address.strides[axis] as number);
  return at;
}

/** What a reduction starts from. */
export function startOf({ reduction, type }: { reduction: "sum" | "maximum"; type: "f32" | "i32" }): number {
  if (reduction === "sum") return 0;
  return type === "f32" ? Number.NEGATIVE_INFINITY : -(2 ** 31);
}

function everyPosition(extents: readonly number[], steps: readonly LineStep[]): () => void {
  return () =>
    everyIndex(extents, (position) => {
      for (const step of steps) step(position);
    });
}

function lineOf(instruction: Instruction, width: number): Line {
  const line = instruction.type === "f32" ? new Float32Array(width) : new Int32Array(width);
  return instruction.op === "constant" ? line.fill(instruction.value) : line;
}

function moves(body: readonly Instruction[], { strides, indirect }: Address, axis: number): boolean {
  return (strides[axis] ?? 0) !== 0 || (indirect !== undefined && dependsOn(body, indirect.value, axis));
}

function addressesOf({ body, stores, contraction, extents }: Kernel): Address[] {
  const loads = body.flatMap((instruction) => (instruction.op === "load" ? [instruction.address] : []));
  const operands = contraction ? [contraction.left, contraction.right] : [];
  invariant(
    operands.every(({ strides }) => strides.length === extents.length),
    "an operand of a contraction has one stride per extent",
  );
  return [...loads, ...stores.map(({ address }) => address)];
}

/** An address without `indirect` is known in full: outside its buffer, the compiler is wrong. */
function checkBounds(
  { buffers }: Program,
  number: number,
  { extents, origins }: Kernel,
  address: Address,
): void {
  const { buffer, offset, strides, indirect } = address;
  const { name, elements } = buffers[buffer] ?? { name: `buffer ${buffer}`, elements: 0 };
  const reach = strides.map((stride, axis) => stride * ((extents[axis] as number) - 1));
  const low = reach.reduce((sum, part) => sum + Math.min(0, part), offset);
  const high = reach.reduce((sum, part) => sum + Math.max(0, part), offset);
  const inside =
    strides.length === extents.length && (indirect !== undefined || (low >= 0 && high < elements));
  invariant(
    inside || extents.includes(0),
    `kernel ${number} (${origins.join(", ")}) reaches ${low}..${high} of ${name} [${elements}]`,
  );
}
