import { expect, it } from "vitest";
import { numberColumn, numberColumns, readTable, textColumn } from "./index.js";

const table = readTable("length,width,kind,zip\n5.1,3.5,setosa,01000\nNA,3.2,virginica,02000\n", {
  text: ["zip"],
});

it("columns are numbers or texts by the name of the function, with the types of what they are", () => {
  const lengths: Float64Array = numberColumn(table, "length");
  expect(lengths).toEqual(Float64Array.of(5.1, Number.NaN));
  const kinds: readonly string[] = textColumn(table, "kind");
  expect(kinds).toEqual(["setosa", "virginica"]);
  expect(textColumn(table, "zip")).toEqual(["01000", "02000"]);
  const columns: { readonly length: Float64Array; readonly width: Float64Array } = numberColumns(table, [
    "width",
    "length",
  ]);
  expect(Object.keys(columns)).toEqual(["width", "length"]);
  expect(columns.width).toEqual(Float64Array.of(3.5, 3.2));
});

it("columns of the other kind are refused, with the first entry that is none", () => {
  const mixed = readTable("a,b\n1,\n?,x\nn/a,y\n");
  expect(() => numberColumn(mixed, "a")).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [numberColumn] expected numbers in column "a", received "n/a" in row 2. Read it with textColumn, or tell readTable which texts mean that a number is missing.]`,
  );
  expect(() => numberColumn(table, "zip")).toThrow(
    '[numberColumn] expected numbers in column "zip", received nothing but texts.',
  );
  expect(() => numberColumns(table, ["length", "kind"])).toThrow('received "setosa" in row 0.');
  expect(() => textColumn(table, "width")).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [textColumn] expected texts in column "width", received numbers in it. Read it with numberColumn, or as texts with readTable(csv, { text: ["width"] }).]`,
  );
  expect(() => textColumn(mixed, "b")).toThrow('[textColumn] expected a text in row 0 of column "b"');
});

it("columns that do not exist are refused with those that do", () => {
  for (const read of [numberColumn, textColumn])
    expect(() => read(table, "lenght")).toThrow(
      `[${read.name}] expected one of length, width, kind, zip, received "lenght".`,
    );
  expect(() => numberColumns(table, "length" as never)).toThrow("[numberColumns] expected names of columns");
  expect(() => numberColumn({} as never, "length")).toThrow("[numberColumn] expected a table of readTable");
});
