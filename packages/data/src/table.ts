import { ArgumentError, want, withDefaults } from "@myelin/tensor";
import { type CsvOptions, parseCsv } from "./csv.js";
import { DataFormatError } from "./data-format-error.js";

/** Numbers; NaN where the field was missing. */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}

/** Texts; null where the field was missing. */
export interface TextColumn {
  readonly kind: "text";
  readonly values: readonly (string | null)[];
}

export type Column = NumberColumn | TextColumn;

/** Columns of equal length by name, in the order of the file. */
export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

export interface TableOptions extends CsvOptions {
  /** Names of the columns for a file whose first line is data already. Default: the first line. */
  readonly columns?: readonly string[] | undefined;
  /** Fields that mean "missing", compared without surrounding spaces. Default "", "NA", "NaN", "null", "?". */
  readonly missing?: readonly string[] | undefined;
  /** Columns to keep as text although all their fields are numbers: postal codes, classes. */
  readonly text?: readonly string[] | undefined;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads comma-separated values into a table. A column holds numbers when every field that is not missing is a decimal
 * number, otherwise texts. Empty lines are skipped unless there is only one column.
 *
 * Throws `DataFormatError` with the row for rows that are shorter or longer than the names, and for names that repeat.
 */
export function readTable(csv: string, options: TableOptions = {}): Table {
  const {
    delimiter,
    columns: given,
    missing: marks,
    text,
  } = withDefaults("readTable", options, {
    delimiter: ",",
    columns: undefined,
    missing: ["", "NA", "NaN", "null", "?"],
    text: [],
  });
  for (const [option, texts] of Object.entries({
    columns: given === undefined ? [] : given,
    missing: marks,
    text,
  }))
    want(Array.isArray(texts), "readTable", `texts in an array as ${option}`, texts);
  const parsed = parseCsv(csv, { delimiter });
  const names = given ?? parsed.shift() ?? [];
  if (names.length === 0) throw new DataFormatError("CSV", "line 1", "the names of the columns", "nothing");
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new DataFormatError("CSV", "line 1", "a different name for each column", `"${repeated}" twice`);
  }
  const rows = names.length === 1 ? parsed : parsed.filter((row) => row.length > 1 || row[0] !== "");
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged >= 0) {
    const received = `${rows[ragged]?.length}`;
    throw new DataFormatError(
      "CSV",
      `row ${ragged}`,
      `${names.length} fields`,
      received,
      "Rows count from 0, without the names.",
    );
  }
  const missing = new Set(marks);
  const asText = new Set(text);
  const columns = names.map((name, index): [string, Column] => {
    const fields = rows.map((row) =>
      missing.has((row[index] as string).trim()) ? null : (row[index] as string),
    );
    return [name, asText.has(name) ? { kind: "text", values: fields } : columnOf(fields)];
  });
  return { rows: rows.length, columns: new Map(columns) };
}

/** The column with this name, whatever its kind. Throws `ArgumentError` with the names there are. */
export function column(table: Table, name: string): Column {
  return columnFor("column", table, name);
}

/** The same for the public `operation`. */
export function columnFor(operation: string, table: Table, name: string): Column {
  if (!(table?.columns instanceof Map)) throw new ArgumentError(operation, "a table of readTable", table);
  const found = table.columns.get(name);
  if (found !== undefined) return found;
  throw new ArgumentError(operation, `one of ${[...table.columns.keys()].join(", ")}`, name);
}

function columnOf(fields: readonly (string | null)[]): Column {
  const present = fields.filter((field) => field !== null);
  if (present.length === 0 || !present.every((field) => decimal.test(field.trim())))
    return { kind: "text", values: fields };
  return {
    kind: "number",
    values: Float64Array.from(fields, (field) => (field === null ? Number.NaN : Number(field))),
  };
}
