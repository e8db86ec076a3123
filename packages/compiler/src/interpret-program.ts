import { everyIndex } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import { type Line, type LineStep, stepOf, storeOf } from "./interpret-instruction.js";
import { addressMoves, dependsOn } from "./levels.js";
import type { Kernel, Program } from "./program.js";
import { withWalks } from "./walk.js";

/**
 * The definition of a Program: runs one step over one array per buffer. Every operation rounds to f32, or wraps to 32
 * bits. A kernel is interpreted a line (its last extent) at a time, which is plain, and quick enough to train with.
 */
export function interpretProgram(program: Program, memory: readonly TypedArray[]): void {
  prepareProgram(program, memory)();
}

/** The same, with everything that does not depend on values done beforehand. */
export function prepareProgram({ kernels }: Program, memory: readonly TypedArray[]): () => void {
  const runs = kernels.map((kernel) =>
    prepareKernel(kernel.family === "column" ? asRow(kernel) : kernel, memory),
  );
  return () => {
    for (const run of runs) run();
  };
}

/** Columns are rows of the transposed extents. */
function asRow(kernel: Kernel): Kernel {
  const swapped = (list: readonly number[]) => [...list.slice(0, -2), ...list.slice(-2).reverse()];
  const row = withWalks(kernel, (walk) => ({ ...walk, strides: swapped(walk.strides) }));
  return { ...row, extents: swapped(kernel.extents) };
}

function prepareKernel(kernel: Kernel, memory: readonly TypedArray[]): () => void {
  const { extents, body, stores } = kernel;
  const last = extents.length - 1;
  const width = extents[last] ?? 1;
  const lines = body.map(({ type }): Line => new (type === "f32" ? Float32Array : Int32Array)(width));
  const depends = dependsOn(body, last);
  const steps: LineStep[] = [
    ...body.map((_, value) => stepOf(kernel, value, lines, memory)),
    ...stores.map((store) => {
      const { value, address, accumulate } = store;
      // What is the same for the whole line, such as the result of a reduction (which fills its line), is stored once.
      const perElement = accumulate || depends[value] || addressMoves(address, last, depends);
      return storeOf(store, lines, memory, perElement ? width : 1);
    }),
  ];
  return () =>
    everyIndex(extents.slice(0, -1), (position) => {
      for (const step of steps) step(position);
    });
}
