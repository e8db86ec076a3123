import type { NumericArray } from "./data-forms.js";
import { type Reading, wrong } from "./rows.js";

/** One row by the names of its columns. */
export type RowRecord = Readonly<Record<string, number>>;
/** Rows as a list of records, or as one list or typed array per column. */
export type Records = readonly RowRecord[] | Readonly<Record<string, readonly number[] | NumericArray>>;

/** Anything but a list: records that are typed by an interface have no index signature. */
export type AnyRecord = object & { readonly [Symbol.iterator]?: never };

/** Rows with their columns in the order of `features`. */
export interface RecordRows {
  readonly rows: readonly (readonly unknown[])[];
  readonly features: readonly string[];
  readonly single: boolean;
}

/**
 * Reads records by the names that the model knows, else by those of the first record, in its order. Undefined for anything
 * that is no record. A name that is missing, or that nobody knows, throws `ArgumentError` with its row.
 */
export function readRecords(source: unknown, reading: Reading): RecordRows | undefined {
  const list = Array.isArray(source) ? source : [source];
  if (!isRecord(list[0])) return undefined;
  const features = reading.features ?? Object.keys(list[0]);
  const rows = list.map((record, row) => cellsOf(record, features, reading, row));
  if (list === source) return { rows, features, single: false };
  const columns = rows[0] as readonly unknown[];
  if (!isList(columns[0])) return { rows, features, single: true };
  const { length } = columns[0];
  const short = columns.findIndex((column) => !isList(column) || column.length !== length);
  if (short >= 0) throw wrong(reading, `${length} numbers in column "${features[short]}"`, columns[short]);
  const turned = Array.from(columns[0], (_, row) => columns.map((column) => (column as unknown[])[row]));
  return { rows: turned, features, single: false };
}

/** Arrays, and arrays of numbers of one kind. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  // An ArrayBuffer, a Map and their like have no members of their own.
  return Object.keys(Object(value)).length > 0 && !isList(value) && typeof value === "object";
}

function cellsOf(record: unknown, features: readonly string[], reading: Reading, row: number): unknown[] {
  if (!isRecord(record))
    throw wrong(reading, `a record in row ${row}`, record, "All rows need the same form.");
  const unknown = Object.keys(record).find((name) => !features.includes(name));
  if (unknown !== undefined)
    throw wrong(reading, `the columns ${features.join(", ")} in row ${row}`, unknown);
  return features.map((name) => {
    if (Object.hasOwn(record, name)) return record[name];
    throw wrong(reading, `a number "${name}" in row ${row}`, "a record without it");
  });
}
