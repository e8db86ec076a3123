import { expect, test } from "vitest";
import { completeRows, fitImputer, imputer, takeSamples } from "./index.js";

const rows = [
  [1, 10],
  [Number.NaN, 20],
  [3, Number.NaN],
  [8, 90],
];

test("complete rows are those in which no part misses anything, whatever its form", () => {
  expect(completeRows(rows)).toEqual([0, 3]);
  expect(completeRows(rows, ["a", "b", "c", null])).toEqual([0]);
  expect(completeRows({ data: Float32Array.from(rows.flat()), shape: [4, 2] })).toEqual([0, 3]);
  expect(completeRows({ data: [1, null], shape: [2, 1] } as never)).toEqual([0]);
  expect(completeRows({ a: Float64Array.of(1, Number.NaN, 2), b: ["x", "y", null] })).toEqual([0]);
  expect(completeRows([{ a: 1 }, { a: null }, { a: undefined }, { a: Number.NaN }, { a: 0 }])).toEqual([
    0, 4,
  ]);
  expect(completeRows(["", 0, false, undefined])).toEqual([0, 1, 2]);
  expect(completeRows([])).toEqual([]);
  const samples = { inputs: rows, targets: [0, 1, 2, 3] };
  expect(takeSamples(samples, completeRows(samples.inputs))).toEqual({
    inputs: [rows[0], rows[3]],
    targets: [0, 3],
  });
  expect(() => completeRows([1, 2], [1])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [completeRows] expected equally many rows in each part, received [2, 1].]`,
  );
});

test("an imputer fills in the mean or the median of what is there", () => {
  const mean = fitImputer(rows);
  expect(mean.config).toEqual({ kind: "imputer", values: [4, 40] });
  expect([...mean.transform(rows).data]).toEqual([1, 10, 4, 20, 3, 40, 8, 90]);
  const median = fitImputer(rows, { by: "median" });
  expect(median.config.values).toEqual([3, 20]);
  expect(fitImputer([4, 1, Number.NaN, 2, 10], { by: "median" }).config.values).toEqual([3]);
  const again = imputer(JSON.parse(JSON.stringify(median.config)));
  expect(again.transform([[Number.NaN, 7]])).toEqual({ data: Float32Array.of(3, 7), shape: [1, 2] });
  expect(again.inverse(again.transform(rows))).toEqual(median.transform(rows));
});

test("an imputer refuses what it cannot learn from or fill", () => {
  expect(() => fitImputer([[Number.NaN, 1]])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [fitImputer] expected a number in column 0, received missing ones alone. Leave it out.]`,
  );
  expect(() => fitImputer([[1, Number.POSITIVE_INFINITY]])).toThrow("finite numbers, or NaN, in column 1");
  expect(() => fitImputer(rows, { by: "mode" as never })).toThrow('by "mean" or "median", received "mode".');
  expect(() => fitImputer([[1, null]] as never)).toThrow("a number in row 0, column 1, received null.");
  expect(() => fitImputer(rows).transform([[1]])).toThrow(
    "[imputer.transform] expected 2 features, received 1.",
  );
  expect(() => imputer({ values: [Number.NaN] })).toThrow("finite numbers");
});
