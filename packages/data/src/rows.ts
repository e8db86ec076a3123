import { ArgumentError, formatShape, type Shape, sizeOf } from "@myelin/tensor";

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** Flat numbers in row-major order and the shape they stand for, rows first: [rows, ...features]. */
export interface RowArray<Data extends NumericArray = NumericArray, Whole extends Shape = Shape> {
  readonly data: Data;
  readonly shape: Whole;
}

/** Rows of anything: numbers with a shape, a typed array with one number per row, or a list with one entry per row. */
export type Rows = RowArray | NumericArray | readonly unknown[];

/** How many rows there are. Throws `ArgumentError` when numbers and shape do not fit each other. */
export function countRows(rows: Rows): number {
  if (!isRowArray(rows)) return rows.length;
  const { data, shape } = Object(rows) as Partial<RowArray>;
  if (!Array.isArray(shape) || data === undefined)
    throw new ArgumentError("rows", "a list, a typed array, or { data, shape }", rows);
  if (shape.length > 0 && data.length === sizeOf(shape)) return shape[0] as number;
  throw new ArgumentError("rows", `${formatShape(shape)} numbers, rows first`, `${data.length} numbers`);
}

/** The rows with these numbers, in this order, as copies in the same form. */
export function takeRows<Some extends Rows>(rows: Some, indices: ArrayLike<number>): Some {
  const count = countRows(rows);
  if (typeof indices?.length !== "number")
    throw new ArgumentError("takeRows", "row numbers in an array", indices);
  const wrong = Array.prototype.findIndex.call(
    indices,
    (index) => !(Number.isInteger(index) && index >= 0 && index < count),
  );
  if (wrong >= 0) throw new ArgumentError("takeRows", `row numbers from 0 to ${count - 1}`, indices[wrong]);
  return pick(rows, indices) as Some;
}

export function isRowArray(rows: Rows): rows is RowArray {
  return !Array.isArray(rows) && !ArrayBuffer.isView(rows);
}

function pick(rows: Rows, indices: ArrayLike<number>): Rows {
  if (!isRowArray(rows)) {
    if (ArrayBuffer.isView(rows)) return pickNumbers(rows as NumericArray, 1, indices);
    return Array.from(indices, (index) => rows[index]);
  }
  const features = rows.shape.slice(1);
  return { data: pickNumbers(rows.data, sizeOf(features), indices), shape: [indices.length, ...features] };
}

function pickNumbers(data: NumericArray, width: number, indices: ArrayLike<number>): NumericArray {
  const picked = new (data.constructor as new (length: number) => NumericArray)(indices.length * width);
  for (let row = 0; row < indices.length; row++) {
    const start = (indices[row] as number) * width;
    if (width === 1) picked[row] = data[start] as number;
    else picked.set(data.subarray(start, start + width), row * width);
  }
  return picked;
}
