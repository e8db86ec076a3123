import { everyIndex } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import {
  interpretInstruction,
  type Line,
  type LineStep,
  lineOf,
  startOf,
  storeLine,
} from "./interpret-instruction.js";
import { addressMoves, dependsOn, stagesOf } from "./levels.js";
import type { Kernel, Program, Store } from "./program.js";

/**
 * The definition of a Program: runs one step over one array per buffer. Every operation rounds to f32, or wraps to 32
 * bits. A kernel is interpreted a line (its last extent) at a time, which is plain, and quick enough to train with.
 */
export function interpretProgram(program: Program, memory: readonly TypedArray[]): void {
  prepareProgram(program, memory)();
}

/** The same, with everything that does not depend on values done beforehand. */
export function prepareProgram({ kernels }: Program, memory: readonly TypedArray[]): () => void {
  const runs = kernels.map((kernel) => prepareKernel(kernel, memory));
  return () => {
    for (const run of runs) run();
  };
}

function prepareKernel(kernel: Kernel, memory: readonly TypedArray[]): () => void {
  const { family, extents, body, stores } = kernel;
  const width = extents.at(-1) ?? 1;
  const lines = body.map((instruction) => lineOf(instruction, width));
  const steps = body.map((_, value) => interpretInstruction(kernel, value, lines, memory));
  if (family === "column") return columnKernel(kernel, lines, steps, memory);
  const isElement = elementStores(kernel, extents.length - 1);
  // A reduction fills its line with its result, so that a row value is an element value with equal elements.
  const writes = stores.map((store) =>
    storeLine(store, lines, memory, family !== "row" || isElement(store) ? width : 1),
  );
  return everyPosition(extents.slice(0, -1), [...steps, ...writes]);
}

/** [...outer, reduced, inner]: everything before the reductions once per reduced index, everything after them once. */
function columnKernel(
  kernel: Kernel,
  lines: readonly Line[],
  steps: readonly LineStep[],
  memory: readonly TypedArray[],
): () => void {
  const { body, stores, extents } = kernel;
  const reduced = extents.length - 2;
  const stages = stagesOf(body);
  const isReduction = (value: number) => body[value]?.op === "reduce";
  const isElement = elementStores(kernel, reduced);
  const write = (store: Store) => storeLine(store, lines, memory, extents[reduced + 1] as number);
  const inner = [
    ...steps.filter((_, value) => stages[value] === 0),
    ...steps.filter((_, value) => isReduction(value)),
    ...stores.filter(isElement).map(write),
  ];
  const outer = [
    ...steps.filter((_, value) => stages[value] !== 0 && !isReduction(value)),
    ...stores.filter((store) => !isElement(store)).map(write),
  ];
  const clear = body.flatMap((instruction, value): LineStep[] =>
    instruction.op === "reduce" ? [() => lines[value]?.fill(startOf(instruction))] : [],
  );
  const position = new Array<number>(reduced + 1).fill(0);
  const reduce: LineStep = (index) => {
    for (let axis = 0; axis < reduced; axis++) position[axis] = index[axis] as number;
    for (let i = 0; i < (extents[reduced] as number); i++) {
      position[reduced] = i;
      for (const step of inner) step(position);
    }
    position[reduced] = 0;
    for (const step of outer) step(position);
  };
  return everyPosition(extents.slice(0, reduced), [...clear, reduce]);
}

/** Tells the stores of element values from those of values that exist once per reduction. */
function elementStores({ body }: Kernel, reduced: number): (store: Store) => boolean {
  const depends = dependsOn(body, reduced);
  return ({ value, address }) => depends[value] === true || addressMoves(address, reduced, depends);
}

function everyPosition(extents: readonly number[], steps: readonly LineStep[]): () => void {
  return () =>
    everyIndex(extents, (position) => {
      for (const step of steps) step(position);
    });
}
