import { compile, type TypedArray } from "@myelin/compiler";
import { input } from "@myelin/tensor";
import { kept } from "./kept.js";
import { infer, type Session } from "./session.js";

/** Rows of a program that evaluates many rows, */
const CHUNK = 256;
/** unless there are no more than this: they go through the program for one row. */
const FEW = 8;
/** Long chunks keep threads from waiting for the rows of the next one, */
const LONG = 1024;
/** but at most so many rows may be computed in vain behind the last one, */
const WASTE = 0.1;
/** and what lies between the layers has to stay in the caches: bytes. */
const MEMORY = 1 << 23;

export function rowsPerRun(session: Session, rows: number): number {
  if (rows <= FEW) return 1;
  const isLong = Math.ceil(rows / LONG) * LONG <= (1 + WASTE) * rows;
  return isLong && LONG * bytesPerRow(session) <= MEMORY ? LONG : CHUNK;
}

/** What the network needs in memory for one row, beside parameters. */
function bytesPerRow(session: Session): number {
  const { bytes } = kept(session, "bytes per row", [], () => {
    const rows = input("inputs", [CHUNK, ...session.network.inputShape]);
    const step = { name: "rows", outputs: { outputs: infer(session, rows) }, assignments: [] };
    return { bytes: compile(step).scratchBytes / CHUNK };
  });
  return bytes;
}

/** Rows `start` to `start + rows`; where the data end, their first row stands in, because it is valid. */
export function chunk(data: TypedArray, width: number, start: number, rows: number): TypedArray {
  const piece = data.subarray(start * width, (start + rows) * width);
  if (piece.length === rows * width) return piece;
  const whole = new (data.constructor as Float32ArrayConstructor)(rows * width);
  whole.set(piece);
  for (let at = piece.length; at < whole.length; at += width) whole.set(data.subarray(0, width), at);
  return whole;
}
