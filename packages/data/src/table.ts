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
  /** What parts whole numbers from fractions: "," in many countries of Europe, beside the delimiter ";". Default ".". */
  readonly decimal?: "." | "," | undefined;
  /** Columns to keep as text although all their fields are numbers: postal codes, classes. */
  readonly text?: readonly string[] | undefined;
}

const written = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

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
    decimal,
  } = withDefaults("readTable", options, {
    delimiter: ",",
    columns: undefined,
    missing: ["", "NA", "NaN", "null", "?"],
    text: [],
    decimal: ".",
  });
  want(decimal === "." || decimal === ",", "readTable", 'decimal "." or ","', decimal);
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
    const other = otherDelimiter(names, delimiter);
    const hint = `Rows count from 0, without the names.${other && ` ${other}`}`;
    throw new DataFormatError("CSV", `row ${ragged}`, `${names.length} fields`, received, hint);
  }
  const missing = new Set(marks);
  const asText = new Set(text);
  const columns = names.map((name, index): [string, Column] => {
    const fields = rows.map((row) =>
      missing.has((row[index] as string).trim()) ? null : (row[index] as string),
    );
    return [name, asText.has(name) ? { kind: "text", values: fields } : columnOf(fields, decimal)];
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
  const names = [...table.columns.keys()];
  throw new ArgumentError(operation, `one of ${names.join(", ")}`, name, otherDelimiter(names));
}

/** Spreadsheets of countries with a decimal comma write semicolons, and all names end up in one. */
function otherDelimiter(names: readonly string[], delimiter?: string): string {
  const other = names.length === 1 && [";", "\t", "|"].find((mark) => names[0]?.includes(mark));
  return other && other !== delimiter ? `Is it readTable(csv, { delimiter: ${JSON.stringify(other)} })?` : "";
}

function columnOf(fields: readonly (string | null)[], decimal: string): Column {
  // A point is no fraction where a comma is: 1.000 may be a thousand.
  const numeral = (field: string) =>
    decimal === "." ? field.trim() : field.trim().replace(/[.,]/g, (mark) => (mark === decimal ? "." : "?"));
  const present = fields.filter((field) => field !== null);
  if (present.length === 0 || !present.every((field) => written.test(numeral(field))))
    return { kind: "text", values: fields };
  return {
    kind: "number",
    values: Float64Array.from(fields, (field) => (field === null ? Number.NaN : Number(numeral(field)))),
  };
}
