import type { Kernel, Store } from "@myelin/compiler";
import { sizeOf } from "@myelin/tensor";
import { drop } from "../assembler/index.js";
import { bodyCost } from "./cost.js";
import type { BodyEmitter, KernelContext, KernelEmitter, LoopRange } from "./kernel-emitter.js";
import { along, vectorsAlong, vectorsOf } from "./position.js";
import { emitUnits, splitOf, type Work } from "./work.js";

/** Every position on its own: straight code when there are few, otherwise loops, whose innermost takes 4 to 16 at a time. */
export const emitMap: KernelEmitter = (kernel, context) => {
  /** A kernel of at most this cost becomes straight code. */
  const STRAIGHT_COST = 256;
  const STRAIGHT_VECTORS = 32;
  /** A round of the inner loop takes 1, 2 or 4 vectors, at most of this cost together. */
  const ROUND_COST = 32;
  const { extents, stores } = kernel;
  const last = extents.length - 1;
  const extent = extents[last] as number;
  const cost = bodyCost(kernel);
  const size = sizeOf(extents);
  const isShort = (elements: number, most: number) => {
    const vectors = Math.ceil(elements / 4);
    return vectors <= most && vectors * cost <= STRAIGHT_COST;
  };
  const straight = ({ body }: Work): void => {
    for (const position of vectorsOf(extents)) body.store(stores, position);
  };
  const accumulates = stores.some(({ accumulate }) => accumulate);
  const split = accumulates
    ? stores.every((store) => meetsNowhere(store, extents))
      ? splitOf(extents, "chunks")
      : ({ by: "rows", units: 1 } as const)
    : splitOf(extents);
  // Neighbours in row-major order may collide when they are added to memory.
  if (!accumulates && isShort(size, STRAIGHT_VECTORS))
    return [emitUnits(kernel, context, { by: "rows", units: 1 }, straight, 0)];
  const perRound = cost * 4 <= ROUND_COST ? 4 : cost * 2 <= ROUND_COST ? 2 : 1;
  const lines = ({ body, isWhole, inVectors }: Work): void => {
    if (isWhole && isShort(extent, STRAIGHT_VECTORS / 2)) {
      for (const position of vectorsAlong(extents, last, 0, extent))
        body.scope(() => body.store(stores, position));
    } else {
      inVectors(perRound, (first, lanes) =>
        body.scope(() => body.store(stores, along(extents, last, first, lanes))),
      );
    }
  };
  return [
    emitUnits(kernel, context, split, lines, last, last, (body, rows) =>
      touchRows(kernel, context, body, rows),
    ),
  ];
};

/**
 * Whether places that are added to differ in the last extent whenever positions do: all other steps are by whole lines of it. Then it
 * can be cut. Windows that overlap along the last extent meet there.
 */
function meetsNowhere({ address: { strides, indirect } }: Store, extents: readonly number[]): boolean {
  const line = (strides.at(-1) as number) * (extents.at(-1) as number);
  return [...strides.slice(0, -1), indirect?.stride ?? 0].every((stride) => stride % line === 0);
}

/**
 * Reads one byte of every line of long rows that are chosen while the step runs, before they are read in earnest: rows of a
 * shuffled data set are in no cache, and so the processor waits for many of them at once instead of for one after the other.
 */
function touchRows(
  { extents, body: instructions }: Kernel,
  { layout }: KernelContext,
  body: BodyEmitter,
  rows: LoopRange,
): void {
  /** Bytes that a cache fetches at once. */
  const LINE = 64;
  /** Shorter rows, in bytes, are not worth it. */
  const LONG_ROW = 256;
  const [, columns, ...others] = extents;
  if (columns === undefined || others.length > 0) return;
  instructions.forEach((instruction, value) => {
    if (instruction.op !== "load" || !instruction.address.indirect) return;
    const { buffer, strides } = instruction.address;
    const size = layout.types[buffer] === "u8" ? 1 : 4;
    if (strides[1] !== 1 || columns * size < LONG_ROW) return;
    body.loop(0, rows, () => {
      for (let column = 0; column < columns; column += LINE / size)
        body.emit(drop(body.value(value, [[0, column]])));
    });
  });
}
