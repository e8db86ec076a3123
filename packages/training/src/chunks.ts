import type { TypedArray } from "@myelin/compiler";
import type { Session } from "./session.js";

export function rowsPerRun({ network }: Session, rows: number): number {
  /** Rows of a program that evaluates many rows, */
  const CHUNK = 256;
  /** unless there are no more than this: they go through the program for one row. */
  const FEW = 8;
  /** Where rows are vectors, long chunks keep threads from waiting for the next one; images have enough to do, and need memory. */
  const LONG = 1024;
  /** So many rows may be computed in vain behind the last one. */
  const WASTE = 0.1;
  if (rows <= FEW) return 1;
  const isLong = Math.ceil(rows / LONG) * LONG <= (1 + WASTE) * rows;
  return isLong && network.inputShape.length === 1 ? LONG : CHUNK;
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
