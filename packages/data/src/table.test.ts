import { expect, test } from "vitest";
import { column, readTable } from "./table.js";

const penguins = `species,bill,mass,zip
Adelie,39.1,3750,01000
Gentoo,NA,5e3,02000

Chinstrap, 46.5 ,,03000
`;

test("columns of numbers are numbers, missing ones NaN", () => {
  const table = readTable(penguins, { text: ["zip"] });
  expect(table.rows).toBe(3);
  expect([...table.columns.keys()]).toEqual(["species", "bill", "mass", "zip"]);
  expect(column(table, "bill")).toEqual({ kind: "number", values: Float64Array.of(39.1, Number.NaN, 46.5) });
  expect(column(table, "mass").values).toEqual(Float64Array.of(3750, 5000, Number.NaN));
});

test("other columns are texts, and so are those that should be", () => {
  const table = readTable(penguins, { text: ["zip"] });
  expect(column(table, "species")).toEqual({ kind: "text", values: ["Adelie", "Gentoo", "Chinstrap"] });
  expect(column(table, "zip").values).toEqual(["01000", "02000", "03000"]);
});

test("what only JavaScript takes for a number is text", () => {
  for (const text of ["0x10", "1_000", "Infinity", "1e", ".", "12px"]) {
    expect(column(readTable(`a\n1\n${text}\n`), "a")).toEqual({ kind: "text", values: ["1", text] });
  }
  expect(column(readTable("a\n-1.5E-3\n+.5\n7.\n"), "a").values).toEqual(Float64Array.of(-0.0015, 0.5, 7));
});

test("names may come from outside, and other fields may mean missing", () => {
  const table = readTable("1;x\n-;y", { delimiter: ";", columns: ["number", "letter"], missing: ["-"] });
  expect(column(table, "number").values).toEqual(Float64Array.of(1, Number.NaN));
  expect(column(table, "letter").values).toEqual(["x", "y"]);
});

test("in a table of one column an empty line is a missing value", () => {
  expect(column(readTable("a\n1\n\n3\n"), "a").values).toEqual(Float64Array.of(1, Number.NaN, 3));
});

test("hostile names are only names", () => {
  const table = readTable("__proto__,constructor\n1,2\n");
  expect(column(table, "__proto__").values).toEqual(Float64Array.of(1));
  expect(() => column(table, "toString")).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [column] expected one of __proto__, constructor, received "toString".]`,
  );
});

test("rows of another length and repeated names are errors", () => {
  expect(() => readTable("a,b\n1,2\n3\n")).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [CSV] expected 2 fields, received 1 (row 1). Rows count from 0, without the names.]`,
  );
  expect(() => readTable("a,b,a\n1,2,3\n")).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [CSV] expected a different name for each column, received "a" twice (line 1).]`,
  );
  expect(() => readTable("")).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [CSV] expected the names of the columns, received nothing (line 1).]`,
  );
});

test("names that stand in one because fields are parted by something else say so", () => {
  const hint = 'Is it readTable(csv, { delimiter: ";" })?';
  expect(() => readTable("length;width\n1,5;2\n")).toThrow(hint);
  expect(() => column(readTable("length;width\n1;2\n"), "width")).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [column] expected one of length;width, received "width". Is it readTable(csv, { delimiter: ";" })?]`,
  );
  expect(() => column(readTable("length\twidth\n1\t2\n"), "width")).toThrow('{ delimiter: "\\t" }');
  expect(() => readTable("a;b\n1\t2\n", { delimiter: "\t" })).toThrow(hint);
  for (const wrong of [() => readTable("a\n1,2\n"), () => column(readTable("a,b\n1,2\n"), "c")])
    expect(wrong).not.toThrow("delimiter");
});

test("numbers may be written with a comma", () => {
  const table = readTable("length;width;note\n1,5;2;a\n-,5e1;NA;1.5\n", { delimiter: ";", decimal: "," });
  expect(column(table, "length").values).toEqual(Float64Array.of(1.5, -5));
  expect(column(table, "width").values).toEqual(Float64Array.of(2, Number.NaN));
  expect(column(readTable("a;b\n1.000;2\n", { delimiter: ";", decimal: "," }), "a").kind).toBe("text");
  expect(column(readTable("a;b\n1,5;2\n", { delimiter: ";" }), "a").kind).toBe("text");
  expect(() => readTable("a\n1\n", { decimal: ";" as never })).toThrow('decimal "." or ",", received ";".');
});

test("lists of texts are lists", () => {
  for (const option of ["columns", "missing", "text"])
    for (const wrong of ["ab", 5, null, { a: true }])
      expect(() => readTable("a\n1", { [option]: wrong })).toThrow(
        `[readTable] expected texts in an array as ${option}, received`,
      );
});
