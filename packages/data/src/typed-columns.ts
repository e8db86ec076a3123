import { ArgumentError } from "@myelin/tensor";
import { columnFor, type Table } from "./table.js";

/** The numbers of a column, NaN where they are missing. Throws `ArgumentError` with the first text of a column of texts. */
export function numberColumn(table: Table, name: string): Float64Array {
  const { kind, values } = columnFor("numberColumn", table, name);
  if (kind === "number") return values;
  const row = values.findIndex((text) => text !== null && !Number.isFinite(Number(text)));
  const received = row < 0 ? "nothing but texts" : `"${values[row]}" in row ${row}`;
  const hint = "Read it with textColumn, or tell readTable which texts mean that a number is missing.";
  throw new ArgumentError("numberColumn", `numbers in column "${name}"`, received, hint);
}

/**
 * Several columns of numbers by their names: records by column, as `fit` and `split` take them.
 *
 *     const { train, test } = split({ inputs: numberColumns(table, ["length", "width"]), targets: textColumn(table, "kind") });
 */
export function numberColumns<const Name extends string>(
  table: Table,
  names: readonly Name[],
): Readonly<Record<Name, Float64Array>> {
  if (!Array.isArray(names)) throw new ArgumentError("numberColumns", "names of columns in an array", names);
  const entries = names.map((name: Name) => [name, numberColumn(table, name)] as const);
  return Object.fromEntries(entries) as Record<Name, Float64Array>;
}

/**
 * The texts of a column, in which none may be missing: class names, for example. Throws `ArgumentError` with the row of one that
 * is (`column` has null there), and for a column of numbers.
 */
export function textColumn(table: Table, name: string): string[] {
  const { kind, values } = columnFor("textColumn", table, name);
  if (kind === "number") {
    const hint = `Read it with numberColumn, or as texts with readTable(csv, { text: ["${name}"] }).`;
    throw new ArgumentError("textColumn", `texts in column "${name}"`, "numbers in it", hint);
  }
  return values.map((text, row) => {
    if (text !== null) return text;
    const hint = "Leave the row out, or use column, which has null there.";
    throw new ArgumentError("textColumn", `a text in row ${row} of column "${name}"`, "a missing one", hint);
  });
}
