import { expect, test } from "vitest";
import { fitLabelEncoder, labelEncoder } from "./label-encoder.js";
import { fitOneHotEncoder, oneHotEncoder } from "./one-hot-encoder.js";
import { column, readTable } from "./table.js";

test("labels become indices in order of code units, whatever the order of rows", () => {
  const encoder = fitLabelEncoder(["setosa", "Virginica", "setosa", "versicolor"]);
  expect(encoder.config).toEqual({ kind: "labelEncoder", labels: ["Virginica", "setosa", "versicolor"] });
  expect(encoder.transform(["setosa", "Virginica"])).toEqual({ data: Int32Array.of(1, 0), shape: [2] });
  expect(encoder.inverse(encoder.transform(["versicolor", "setosa"]))).toEqual(["versicolor", "setosa"]);
  expect(fitLabelEncoder(["b", "a"]).config).toEqual(fitLabelEncoder(["a", "b", "b"]).config);
});

test("unknown labels and indices are errors", () => {
  const encoder = labelEncoder({ labels: ["no", "yes"] });
  expect(() => encoder.transform(["yes", "maybe"])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [labelEncoder.transform] expected one of no, yes in row 1, received "maybe".]`,
  );
  expect(() => encoder.inverse({ data: Int32Array.of(2), shape: [1] })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [labelEncoder.inverse] expected an index below 2 in row 0, received 2.]`,
  );
  expect(() => labelEncoder({ labels: ["a", "a"] })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [labelEncoder] expected each label once, received ["a", "a"].]`,
  );
});

test("categories become columns", () => {
  const encoder = fitOneHotEncoder(["red", "blue", null, "red"]);
  expect(encoder.config).toEqual({ kind: "oneHotEncoder", categories: ["blue", "red"], unknown: "error" });
  expect(encoder.transform(["red", "blue"])).toEqual({ data: Float32Array.of(0, 1, 1, 0), shape: [2, 2] });
});

test("numbers are in order of size, not of their digits", () => {
  expect(fitOneHotEncoder([10, 9, true, "x", 10]).config.categories).toEqual([true, 9, 10, "x"]);
});

test("unknown categories are errors, or zeros where that is wanted", () => {
  expect(() => fitOneHotEncoder(["a", "b"]).transform(["a", "c"])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [oneHotEncoder.transform] expected one of a, b in row 1, received "c". Or set unknown: "zeros".]`,
  );
  const encoder = fitOneHotEncoder(["a", "b"], { unknown: "zeros" });
  const rows = encoder.transform(["c", null, "b"]);
  expect([...rows.data]).toEqual([0, 0, 0, 0, 0, 1]);
  expect(encoder.inverse(rows)).toEqual([null, null, "b"]);
});

test("the inverse takes probabilities, and the first of equals", () => {
  const encoder = oneHotEncoder({ categories: ["a", "b", "c"] });
  expect(encoder.inverse({ data: Float32Array.of(0.1, 0.7, 0.2, 0.4, 0.4, 0.2), shape: [2, 3] })).toEqual([
    "b",
    "a",
  ]);
  expect(() => encoder.inverse({ data: Float32Array.of(1, 0), shape: [1, 2] })).toThrow(
    "[oneHotEncoder.inverse]",
  );
});

test("encoders come back from their config as JSON", () => {
  const encoder = fitOneHotEncoder([3, 1], { unknown: "zeros" });
  const restored = oneHotEncoder(JSON.parse(JSON.stringify(encoder.config)));
  expect(restored.transform([1, 2, 3])).toEqual(encoder.transform([1, 2, 3]));
});

test("labels may be numbers, in order of their size, also those of a column", () => {
  const encoder = fitLabelEncoder([10, 9, 2, 10]);
  expect(encoder.config).toEqual({ kind: "labelEncoder", labels: [2, 9, 10] });
  const indices = encoder.transform(Float64Array.of(9, 2, 10));
  expect(indices).toEqual({ data: Int32Array.of(1, 0, 2), shape: [3] });
  const numbers: number[] = encoder.inverse(indices);
  expect(numbers).toEqual([9, 2, 10]);
  expect(fitLabelEncoder(Float64Array.of(3, 1, 3)).config).toEqual({ kind: "labelEncoder", labels: [1, 3] });
  expect(() => encoder.transform([3])).toThrow(
    "[labelEncoder.transform] expected one of 2, 9, 10 in row 0, received 3.",
  );
});

test("labels are texts or numbers, none missing", () => {
  for (const wrong of [[1, "1"], ["a", null], [1, Number.NaN], [true], [null]])
    expect(() => fitLabelEncoder(wrong as never)).toThrow(
      /^\[fitLabelEncoder\] expected (a text|a finite number) as label \d/,
    );
  expect(() => labelEncoder({ labels: ["a", 1] as never })).toThrow(
    "[labelEncoder] expected a text as label 1",
  );
  expect(() => fitLabelEncoder("abc" as never)).toThrow("[fitLabelEncoder] expected class names in an array");
});

test("an encoder says what it takes", () => {
  const encoder = fitLabelEncoder(["a", "b"]);
  expect(() => encoder.transform("ab" as never)).toThrow(
    "[labelEncoder.transform] expected class names in an array",
  );
  expect(() => encoder.inverse([0, 1] as never)).toThrow(
    "[labelEncoder.inverse] expected indices { data, shape }",
  );
});

test("columns of a table can be encoded as they are, and what is missing in them is no category", () => {
  const table = readTable("island,year,sex\nDream,2008,NA\nBiscoe,NA,male\nDream,2007,female");
  const years = fitOneHotEncoder(column(table, "year").values, { unknown: "zeros" });
  expect(years.config.categories).toEqual([2007, 2008]);
  expect([...years.transform(column(table, "year").values).data]).toEqual([0, 1, 0, 0, 1, 0]);
  const sex = column(table, "sex").values;
  expect(fitOneHotEncoder(sex).config.categories).toEqual(["female", "male"]);
  expect(() => fitOneHotEncoder(sex).transform(sex)).toThrow("one of female, male in row 0, received null.");
  expect(() => years.transform("2007" as never)).toThrow("values in an array");
});

test("values and options of the wrong kind are refused", () => {
  const encoder = oneHotEncoder({ categories: ["a", "b"] });
  for (const wrong of [undefined, null, "a", 5, {}, new Set(["a"])] as never[])
    expect(() => encoder.transform(wrong)).toThrow(
      "[oneHotEncoder.transform] expected values in an array, received",
    );
  for (const wrong of [undefined, null, "a", 5, {}, { data: [1, 0] }] as never[])
    expect(() => encoder.inverse(wrong)).toThrow(
      "[oneHotEncoder.inverse] expected rows { data, shape }, received",
    );
  expect(() => encoder.inverse({ data: Float32Array.of(1), shape: [1, 2] })).toThrow(
    "[rows] expected [1, 2] numbers",
  );
  for (const unknown of ["ignore", "Error", null, true] as never[]) {
    const message = '[oneHotEncoder] expected unknown: "error" or "zeros", received';
    expect(() => oneHotEncoder({ categories: ["a"], unknown })).toThrow(message);
    expect(() => fitOneHotEncoder(["a"], { unknown })).toThrow(message);
  }
  for (const options of [null, 5, "zeros", { unknwon: "zeros" }] as never[])
    expect(() => fitOneHotEncoder(["a"], options)).toThrow("[fitOneHotEncoder] expected options { unknown }");
});
