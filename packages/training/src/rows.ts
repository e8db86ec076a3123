import type { TypedArray } from "@myelin/compiler";
import { ArgumentError, formatShape, type Shape, sameShape, sizeOf } from "@myelin/tensor";
import type { NumericArray } from "./data-forms.js";
import { readRecords } from "./records.js";

/** Rows as memory holds them: bytes stay bytes, integers integers, everything else becomes f32. */
export interface Rows {
  readonly data: TypedArray;
  readonly count: number;
  /** The source was one row by itself, not a list of rows. */
  readonly single: boolean;
  /** Names of the columns, where the rows were records. */
  readonly features?: readonly string[] | undefined;
}

/** Who reads what, for messages: `fit`, `inputs`. */
export interface Reading {
  readonly operation: string;
  readonly what: string;
  /** Names of the columns of records, in order; unknown before the first records. */
  readonly features?: readonly string[] | undefined;
}

/**
 * Reads rows of `shape` from nested arrays, a flat typed array, or flat data with a shape. Wrong widths, ragged rows and
 * numbers that are not finite throw `ArgumentError` with row and column, counted from 0. Only where `one` row is allowed
 * can nested arrays be that row; elsewhere [1, 2, 3] are three rows of one number.
 */
export function readRows(source: unknown, shape: Shape, reading: Reading, one = false): Rows {
  if (ArrayBuffer.isView(source)) return flatRows(source as NumericArray, shape, reading);
  if (typeof source === "object" && source !== null && "data" in source && "shape" in source) {
    const { data, shape: whole } = source as { data: NumericArray; shape: Shape };
    const single = one && sameShape(whole, shape);
    const rowShape = single ? shape : whole.slice(1);
    // Flattened rows have the same layout.
    const flat = shape.length === 1 || rowShape.length === 1;
    const fits = sameShape(rowShape, shape) || (flat && sizeOf(rowShape) === sizeOf(shape));
    if (!fits || data.length !== sizeOf(whole))
      throw wrong(
        reading,
        `rows of shape ${formatShape(shape)}`,
        `${data.length} numbers in shape ${formatShape(whole)}`,
      );
    return { ...flatRows(data, shape, reading), single };
  }
  const records = readRecords(source, reading);
  if (records !== undefined) {
    const { rows, features, single } = records;
    if (single && !one) throw wrong(reading, "a list of records, or a list per column,", "a single record");
    return { ...nestedRows(rows, [sizeOf(shape)], reading), single, features };
  }
  if (!Array.isArray(source)) throw wrong(reading, "arrays of numbers, or a typed array,", source);
  const depth = depthOf(source);
  if (one && depth === shape.length) return { ...nestedRows([source], shape, reading, one), single: true };
  return nestedRows(source, depth === 1 && sizeOf(shape) === 1 ? [] : shape, reading);
}

function flatRows(data: NumericArray, shape: Shape, reading: Reading): Rows {
  const width = sizeOf(shape);
  const count = data.length / width;
  if (!Number.isInteger(count) || count === 0)
    throw wrong(reading, `a multiple of ${width} numbers`, `${data.length} numbers`);
  const stored = storedAs(data);
  if (stored instanceof Float32Array) {
    for (let i = 0; i < stored.length; i++)
      if (!Number.isFinite(stored[i])) throw notFinite(data[i], i, shape, reading);
  }
  return { data: stored, count, single: count === 1 };
}

function storedAs(data: NumericArray): TypedArray {
  if (data instanceof Uint8ClampedArray) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const kept = data instanceof Uint8Array || data instanceof Int32Array || data instanceof Float32Array;
  return kept ? data : Float32Array.from(data);
}

function nestedRows(rows: readonly unknown[], shape: Shape, reading: Reading, one = false): Rows {
  const data = new Float32Array(rows.length * sizeOf(shape));
  let used = 0;
  let row = 0;
  // Where the first row is wrong, the width is; later rows differ from the first.
  const hintFor = (at: number) => {
    if (at > 0) return "All rows need the same length.";
    if (one && sizeOf(shape) === 1) return "Write several rows in brackets of their own: [[..], [..]].";
    return `Each row needs the shape ${formatShape(shape)} here.`;
  };
  const fill = (value: unknown, depth: number): void => {
    const extent = shape[depth];
    if (extent === undefined) {
      const number = typeof value === "boolean" ? Number(value) : value;
      data[used] = number as number;
      if (typeof number !== "number" || !Number.isFinite(data[used]))
        throw notFinite(value, used, shape, reading);
      used++;
      return;
    }
    const list = value as ArrayLike<unknown>;
    if (typeof value !== "object" || list?.length !== extent) {
      const received = typeof list?.length === "number" ? `${list.length} entries` : value;
      throw wrong(reading, `${extent} numbers in row ${row}`, received, hintFor(row));
    }
    for (let i = 0; i < extent; i++) fill(list[i], depth + 1);
  };
  for (; row < rows.length; row++) fill(rows[row], 0);
  if (row === 0) throw wrong(reading, "at least one row", "no rows");
  return { data, count: row, single: false };
}

/** Levels of brackets. */
export function depthOf(source: unknown): number {
  const nested = Array.isArray(source) || ArrayBuffer.isView(source);
  return nested ? 1 + depthOf((source as unknown as readonly unknown[])[0]) : 0;
}

function notFinite(value: unknown, index: number, shape: Shape, reading: Reading): ArgumentError {
  const width = sizeOf(shape);
  const place = `row ${Math.floor(index / width)}, column ${index % width}`;
  const hint =
    typeof value === "string"
      ? "Texts become numbers with an encoder of @myelin/data, classes with a loss such as crossEntropy."
      : "Leave the row out or fill in a number before training.";
  return wrong(reading, `a finite number (float32) in ${place}`, value, hint);
}

export function wrong(
  { operation, what }: Reading,
  expected: string,
  received: unknown,
  hint?: string,
): ArgumentError {
  return new ArgumentError(operation, `${expected} of ${what}`, received, hint);
}
