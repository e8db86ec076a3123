import { ArgumentError } from "@myelin/tensor";
import { countRows, isList, isRowArray, type NumericArray, type RowArray } from "./rows.js";

/** Numbers in rows: with a shape, nested arrays, or a list of single numbers. */
export type Numbers = RowArray | NumericArray | readonly number[] | readonly (readonly number[])[];

/**
 * Numbers with their shape: [rows, features], or [rows] for single numbers. Throws `ArgumentError` for ragged rows, and for what is
 * no number: null would become 0, "1" would become 1.
 */
export function shaped(numbers: Numbers, operation: string): RowArray {
  if (isRowArray(numbers)) {
    countRows(numbers);
    const { data, shape } = numbers;
    return { data: stored(data, featuresOf(numbers), operation), shape };
  }
  const first: unknown = isList(numbers) ? numbers[0] : undefined;
  if (!isList(numbers) || (typeof first === "object" && first && !Array.isArray(first)))
    throw new ArgumentError(operation, "rows of numbers: arrays, a typed array, or { data, shape }", numbers);
  if (!Array.isArray(first))
    return { data: stored(numbers as NumericArray, 1, operation), shape: [numbers.length] };
  const rows = numbers as readonly (readonly number[])[];
  const ragged = rows.findIndex((row) => row?.length !== first.length);
  if (ragged >= 0)
    throw new ArgumentError(operation, `${first.length} numbers in row ${ragged}`, rows[ragged]);
  return { data: stored(rows.flat(), first.length, operation), shape: [rows.length, first.length] };
}

/** Refuses what a typed array would turn into a number without a word: null and "" into 0, which is how JSON writes what is missing. */
function stored(values: NumericArray | readonly number[], width: number, operation: string): NumericArray {
  // An array of numbers of one kind holds nothing else.
  const isView = ArrayBuffer.isView(values);
  const some: readonly unknown[] = isView ? [...values.subarray(0, 1)] : values;
  const wrong = some.findIndex((value) => typeof value !== "number" && typeof value !== "boolean");
  if (wrong < 0) return isView ? values : Float64Array.from(values);
  const place = `row ${Math.floor(wrong / width)}, column ${wrong % width}`;
  const hint = "Where one is missing, fill it in, leave the row out, or write NaN to do so later.";
  throw new ArgumentError(operation, `a number in ${place}`, some[wrong], hint);
}

/** Extent of the last axis; single numbers are one feature. */
export function featuresOf({ shape }: RowArray): number {
  return shape.length < 2 ? 1 : (shape[shape.length - 1] as number);
}
