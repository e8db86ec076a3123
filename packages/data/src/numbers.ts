import { ArgumentError } from "@myelin/tensor";
import { isRowArray, type NumericArray, type RowArray } from "./rows.js";

/** Numbers in rows: with a shape, nested arrays, or a list of single numbers. */
export type Numbers = RowArray | NumericArray | readonly number[] | readonly (readonly number[])[];

/** Numbers with their shape: [rows, features], or [rows] for single numbers. Throws `ArgumentError` for ragged rows. */
export function shaped(numbers: Numbers, operation: string): RowArray {
  const wanted = "rows of numbers: arrays, a typed array, or { data, shape }";
  if (ArrayBuffer.isView(numbers)) return { data: numbers, shape: [numbers.length] };
  if (isRowArray(numbers)) {
    const { data, shape } = numbers as { data: unknown; shape: RowArray["shape"] };
    return Array.isArray(data) ? { data: stored(data, featuresOf(numbers), operation), shape } : numbers;
  }
  if (!Array.isArray(numbers)) throw new ArgumentError(operation, wanted, numbers);
  const first: unknown = numbers[0];
  if (typeof first === "object" && !Array.isArray(first)) throw new ArgumentError(operation, wanted, numbers);
  if (!Array.isArray(first)) return { data: stored(numbers, 1, operation), shape: [numbers.length] };
  const rows = numbers as readonly (readonly number[])[];
  const ragged = rows.findIndex((row) => row?.length !== first.length);
  if (ragged >= 0)
    throw new ArgumentError(operation, `${first.length} numbers in row ${ragged}`, rows[ragged]);
  return { data: stored(rows.flat(), first.length, operation), shape: [rows.length, first.length] };
}

/** Refuses what a typed array would turn into a number without a word: null and "" into 0, which is how JSON writes what is missing. */
function stored(values: readonly unknown[], width: number, operation: string): Float64Array {
  const wrong = values.findIndex((value) => typeof value !== "number" && typeof value !== "boolean");
  if (wrong < 0) return Float64Array.from(values as readonly number[]);
  const place = `row ${Math.floor(wrong / width)}, column ${wrong % width}`;
  const hint = "Where one is missing, fill it in, leave the row out, or write NaN to do so later.";
  throw new ArgumentError(operation, `a number in ${place}`, values[wrong], hint);
}

/** Extent of the last axis; single numbers are one feature. */
export function featuresOf({ shape }: RowArray): number {
  return shape.length < 2 ? 1 : (shape[shape.length - 1] as number);
}
