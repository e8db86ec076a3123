import { ArgumentError } from "@myelin/tensor";
import { isRowArray, type NumericArray, type RowArray } from "./rows.js";

/** Numbers in rows: with a shape, nested arrays, or a list of single numbers. */
export type Numbers = RowArray | NumericArray | readonly number[] | readonly (readonly number[])[];

/** Numbers with their shape: [rows, features], or [rows] for single numbers. Throws `ArgumentError` for ragged rows. */
export function shaped(numbers: Numbers, operation: string): RowArray {
  const wanted = "rows of numbers: arrays, a typed array, or { data, shape }";
  if (ArrayBuffer.isView(numbers)) return { data: numbers, shape: [numbers.length] };
  if (isRowArray(numbers)) return numbers;
  if (!Array.isArray(numbers)) throw new ArgumentError(operation, wanted, numbers);
  const first: unknown = numbers[0];
  if (typeof first === "object" && !Array.isArray(first)) throw new ArgumentError(operation, wanted, numbers);
  if (!Array.isArray(first))
    return { data: Float64Array.from(numbers as readonly number[]), shape: [numbers.length] };
  const rows = numbers as readonly (readonly number[])[];
  const ragged = rows.findIndex((row) => row.length !== first.length);
  if (ragged >= 0)
    throw new ArgumentError(operation, `${first.length} numbers in row ${ragged}`, rows[ragged]);
  return { data: Float64Array.from(rows.flat()), shape: [rows.length, first.length] };
}

/** Extent of the last axis; single numbers are one feature. */
export function featuresOf({ shape }: RowArray): number {
  return shape.length < 2 ? 1 : (shape[shape.length - 1] as number);
}
