import type { TypedArray } from "@myelin/compiler";
import { ArgumentError, firstNotFinite, formatShape, type Shape, sameShape, sizeOf } from "@myelin/tensor";
import type { NumericArray, ShapedNumbers } from "./data-forms.js";
import { isList, readRecords } from "./records.js";

/** Rows as memory holds them: bytes stay bytes, integers integers, everything else becomes f32. */
export interface Rows {
  readonly data: TypedArray;
  readonly count: number;
  /** The source was one row by itself, not a list of rows. */
  readonly single: boolean;
  /** Names of the columns, where the rows were records. */
  readonly features?: readonly string[] | undefined;
  /** Who reads numbers that nobody has looked at yet. */
  readonly unchecked?: Reading | undefined;
}

/** Who reads what, for messages: `fit`, `inputs`. */
export interface Reading {
  readonly operation: string;
  readonly what: string;
  /** Names of the columns of records, in order; unknown before the first records. */
  readonly features?: readonly string[] | undefined;
  /** Float32Arrays are left to the caller, because a program finds out faster whether `wantFinite` has something to say. */
  readonly unchecked?: boolean;
}

/**
 * Reads rows of `shape` from nested arrays, a flat typed array, or flat data with a shape. Wrong widths, ragged rows and
 * numbers that are not finite throw `ArgumentError` with row and column, counted from 0. Only where `one` row is allowed
 * can nested arrays be that row; elsewhere [1, 2, 3] are three rows of one number.
 */
export function readRows(source: unknown, shape: Shape, reading: Reading, one = false): Rows {
  const { features } = reading;
  if (ArrayBuffer.isView(source)) return flatRows(source as NumericArray, shape, reading);
  if (!features?.includes("shape") && isShaped(source)) {
    const { data, shape: whole } = source;
    const single = one && sameShape(whole, shape);
    const rowShape = single ? shape : whole.slice(1);
    // Flattened rows have the same layout.
    const flat = shape.length === 1 || rowShape.length === 1;
    const fits = sameShape(rowShape, shape) || (flat && sizeOf(rowShape) === sizeOf(shape));
    if (fits && data.length === sizeOf(whole)) return { ...flatRows(data, shape, reading), single };
    const received = `${data.length} numbers in shape ${formatShape(whole)}`;
    throw wrong(reading, `rows of shape ${formatShape(shape)}`, received);
  }
  const records = readRecords(source, reading);
  const depth = extentsOf(source).length;
  const single = records?.single ?? (one && depth === shape.length);
  const rows = records?.rows ?? (single ? [source] : source);
  if (!Array.isArray(rows)) throw wrong(reading, "arrays of numbers, or a typed array,", source);
  if (single && !one) throw wrong(reading, "a list of records, or a list per column,", "a single record");
  const isBare = !single && depth === 1 && sizeOf(shape) === 1;
  const rowShape = records ? [sizeOf(shape)] : isBare ? [] : shape;
  // Records know what their columns are called.
  const data = nestedRows(rows, rowShape, { ...reading, ...records }, single && !records);
  return { data, count: rows.length, single, features: records?.features };
}

/** Lengths of the brackets, outermost first, by the first entry of each; or those that are written beside flat data. */
export function extentsOf(source: unknown): Shape {
  if (isShaped(source)) return source.shape;
  const extents: number[] = [];
  for (let inner = source; isList(inner); inner = inner[0]) extents.push(inner.length);
  return extents;
}

export function wrong(
  { operation, what }: Reading,
  expected: string,
  received: unknown,
  hint?: string,
): ArgumentError {
  return new ArgumentError(operation, `${expected} of ${what}`, received, hint);
}

/** Records may have columns of these names: two lists of one length, unless they fit each other as numbers and shape. */
export function isShaped(source: unknown): source is ShapedNumbers {
  const { data, shape } = Object(source);
  if (!Array.isArray(shape) || !data) return false;
  return !Array.isArray(data) || data.length !== shape.length || data.length === sizeOf(shape);
}

function flatRows(numbers: ShapedNumbers["data"], shape: Shape, reading: Reading): Rows {
  const { length } = numbers;
  if (length !== 0 && typeof numbers[0] !== "number") throw wrong(reading, "numbers", numbers);
  const width = sizeOf(shape);
  const count = length / width;
  if (!Number.isInteger(count) || count === 0)
    throw wrong(reading, `a multiple of ${width} numbers`, `${length} numbers`);
  const data = storedAs(numbers);
  const unchecked = reading.unchecked && numbers instanceof Float32Array ? reading : undefined;
  if (!unchecked) wantFinite(data, width, reading, numbers);
  return { data, count, single: count === 1, unchecked };
}

/** Throws for the first number of some rows that is not finite. `numbers`: as they were before they became float32. */
export function wantFinite(
  data: TypedArray,
  width: number,
  reading: Reading,
  numbers: ShapedNumbers["data"] = data,
): void {
  const place = data instanceof Float32Array ? firstNotFinite(data) : -1;
  if (place >= 0) throw notFinite(numbers[place], place, width, reading);
}

function storedAs(data: ShapedNumbers["data"]): TypedArray {
  if (data instanceof Uint8ClampedArray) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const kept = data instanceof Uint8Array || data instanceof Int32Array || data instanceof Float32Array;
  return kept ? data : Float32Array.from(data);
}

function nestedRows(rows: readonly unknown[], shape: Shape, reading: Reading, single: boolean): Float32Array {
  const width = sizeOf(shape);
  const count = rows.length;
  if (count === 0) throw wrong(reading, "at least one row", "no rows");
  const data = new Float32Array(count * width);
  let used = 0;
  const put = (value: unknown): void => {
    data[used] = typeof value === "number" || typeof value === "boolean" ? Number(value) : Number.NaN;
    if (!Number.isFinite(data[used])) throw notFinite(value, used, width, reading);
    used++;
  };
  const fill = (value: unknown, depth: number, row: number): void => {
    const extent = shape[depth];
    if (extent === undefined) {
      put(value);
      return;
    }
    const list = typeof value === "object" ? (value as ArrayLike<unknown> | null) : null;
    if (list?.length !== extent) {
      const received = list?.length === undefined ? value : `${list.length} entries`;
      throw wrong(reading, `${extent} numbers in row ${row}`, received, hintFor(row));
    }
    if (depth === shape.length - 1) for (let i = 0; i < extent; i++) put(list[i]);
    else for (let i = 0; i < extent; i++) fill(list[i], depth + 1, row);
  };
  // Where the first row is wrong, the width is; later rows differ from the first.
  const hintFor = (row: number) => {
    if (row > 0) return "All rows need the same length.";
    return single && width === 1
      ? "Write rows as [[..], [..]]."
      : `Each row needs the shape ${formatShape(shape)} here.`;
  };
  for (let row = 0; row < count; row++) fill(rows[row], 0, row);
  return data;
}

function notFinite(value: unknown, index: number, width: number, reading: Reading): ArgumentError {
  const column = index % width;
  const name = reading.features?.[column];
  const place = `row ${Math.floor(index / width)}, column ${name ? `"${name}"` : column}`;
  const hint =
    typeof value === "string"
      ? "Encode texts, or use a loss for classes."
      : "Leave the row out or fill in a number.";
  return wrong(reading, `a finite number (float32) in ${place}`, value, hint);
}
