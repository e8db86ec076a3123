import type { TypedArray } from "@myelin/compiler";

/** Rows of a program that evaluates many rows, */
const CHUNK = 256;
/** unless there are no more than this: they go through the program for one row. */
const FEW = 8;

export function rowsPerRun(rows: number): number {
  return rows <= FEW ? 1 : CHUNK;
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
