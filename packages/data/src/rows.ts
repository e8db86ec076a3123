import { ArgumentError, formatShape, mapRecord, type Shape, sizeOf } from "@myelin/tensor";

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

/** Records by column: one list or typed array per name. In types any record, too: interfaces have no index signature. */
export type Columns =
  | Readonly<Record<string, readonly unknown[] | NumericArray>>
  | (object & { readonly [Symbol.iterator]?: never });

/**
 * Rows of anything: numbers with a shape, a typed array with one number per row, a list with one entry per row, or one list
 * per column.
 */
export type Rows = RowArray | NumericArray | readonly unknown[] | Columns;

/** How many rows there are. Throws `ArgumentError` when numbers and shape, or columns, do not fit each other. */
export function countRows(rows: Rows): number {
  if (isRowArray(rows)) {
    const { data, shape } = rows;
    if (shape.length > 0 && data.length === sizeOf(shape)) return shape[0] as number;
    throw new ArgumentError("rows", `${formatShape(shape)} numbers, rows first`, `${data.length} numbers`);
  }
  if (isList(rows)) return rows.length;
  const [first, ...others] = Object.entries(Object(rows));
  if (!isList(first?.[1]))
    throw new ArgumentError("rows", "a list, a typed array, { data, shape }, or a list per column", rows);
  const { length } = first[1];
  for (const [name, column] of others)
    if (!isList(column) || column.length !== length)
      throw new ArgumentError(
        "rows",
        `${length} entries in column "${name}"`,
        isList(column) ? `${column.length} entries` : column,
      );
  return length;
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

/** Whether these are numbers with a shape. Columns may be called "data" and "shape", too: two lists that do not fit so. */
export function isRowArray(rows: unknown): rows is RowArray {
  const { data, shape } = Object(rows);
  if (!Array.isArray(shape) || data === undefined) return false;
  return !Array.isArray(data) || data.length !== shape.length || data.length === sizeOf(shape);
}

/** Lists and typed arrays; a DataView has no entries. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function pick(rows: Rows, indices: ArrayLike<number>): Rows {
  if (isRowArray(rows)) {
    const features = rows.shape.slice(1);
    return {
      data: pickNumbers(rows.data, sizeOf(features), indices),
      shape: [indices.length, ...features],
    };
  }
  if (ArrayBuffer.isView(rows)) return pickNumbers(rows as NumericArray, 1, indices);
  if (isList(rows)) return Array.from(indices, (index) => rows[index]);
  return mapRecord(rows as Readonly<Record<string, Rows>>, (column) => pick(column, indices));
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
