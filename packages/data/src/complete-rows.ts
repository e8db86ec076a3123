import { ArgumentError } from "@myelin/tensor";
import { countRows, isList, isRowArray, type Rows } from "./rows.js";

/**
 * The numbers of the rows in which nothing is missing (NaN, null or undefined), in any of the parts: for `takeRows` and
 * `takeSamples`. Throws `ArgumentError` unless all parts have equally many rows.
 *
 *     const measured = takeSamples(birds, completeRows(birds.inputs, birds.targets));
 */
export function completeRows(...parts: readonly Rows[]): number[] {
  const counts = parts.map(countRows);
  const [rows = 0] = counts;
  if (counts.some((count) => count !== rows))
    throw new ArgumentError("completeRows", "equally many rows in each part", counts);
  const isComplete = parts.map((part) => completeness(part, rows));
  return [...new Array(rows).keys()].filter((row) => isComplete.every((holds) => holds(row)));
}

/** Whether nothing is missing in a row of some rows. */
function completeness(part: Rows, rows: number): (row: number) => boolean {
  if (isRowArray(part)) {
    const width = part.data.length / rows;
    return (row) => !part.data.slice(row * width, (row + 1) * width).some(isMissing);
  }
  if (isList(part)) return (row) => !isMissing(part[row]);
  const columns = Object.values(part as Readonly<Record<string, Rows>>);
  const isComplete = columns.map((column) => completeness(column, rows));
  return (row) => isComplete.every((holds) => holds(row));
}

function isMissing(value: unknown): boolean {
  if (isList(value)) return Array.prototype.some.call(value, isMissing);
  if (typeof value === "object" && value !== null) return Object.values(value).some(isMissing);
  return value === undefined || value === null || Number.isNaN(value);
}
