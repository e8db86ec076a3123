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
    wantNumbers(numbers.data, operation);
    return numbers;
  }
  const first: unknown = isList(numbers) ? numbers[0] : undefined;
  if (!isList(numbers) || (typeof first === "object" && first && !Array.isArray(first)))
    throw new ArgumentError(operation, "rows of numbers: arrays, a typed array, or { data, shape }", numbers);
  if (!Array.isArray(first)) {
    wantNumbers(numbers as ArrayLike<unknown>, operation);
    const data = ArrayBuffer.isView(numbers) ? numbers : Float64Array.from(numbers as readonly number[]);
    return { data, shape: [data.length] };
  }
  const rows = numbers as readonly (readonly number[])[];
  const ragged = rows.findIndex((row) => row?.length !== first.length);
  if (ragged >= 0)
    throw new ArgumentError(operation, `${first.length} numbers in row ${ragged}`, rows[ragged]);
  rows.forEach((row, index) => {
    wantNumbers(row, operation, ` of row ${index}`);
  });
  return { data: Float64Array.from(rows.flat()), shape: [rows.length, first.length] };
}

function wantNumbers(list: ArrayLike<unknown>, operation: string, where = ""): void {
  // An array of numbers of one kind holds nothing else.
  const count = ArrayBuffer.isView(list) ? Math.min(1, list.length) : list.length;
  for (let i = 0; i < count; i++)
    if (typeof list[i] !== "number" && typeof list[i] !== "boolean")
      throw new ArgumentError(
        operation,
        `a number at ${i}${where}`,
        list[i],
        "Fill it in or leave the row out.",
      );
}

/** Extent of the last axis; single numbers are one feature. */
export function featuresOf({ shape }: RowArray): number {
  return shape.length < 2 ? 1 : (shape[shape.length - 1] as number);
}
