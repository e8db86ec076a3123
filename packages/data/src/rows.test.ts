import { expect, test } from "vitest";
import { countRows, takeRows } from "./rows.js";
import { countSamples, takeSamples } from "./samples.js";

test("rows are taken in the form in which they are given", () => {
  const bytes = { data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7), shape: [2, 2, 2] };
  expect(takeRows(bytes, [1, 1, 0])).toEqual({
    data: Uint8Array.of(4, 5, 6, 7, 4, 5, 6, 7, 0, 1, 2, 3),
    shape: [3, 2, 2],
  });
  expect(takeRows(Float64Array.of(0.5, 1.5), [1])).toEqual(Float64Array.of(1.5));
  expect(takeRows(["no", "yes"], [1, 0, 1])).toEqual(["yes", "no", "yes"]);
  expect(
    takeRows(
      [
        [1, 2],
        [3, 4],
      ],
      [],
    ),
  ).toEqual([]);
});

test("records by column are taken column by column", () => {
  const columns = { length: Float64Array.of(5, 6, 7), kind: ["a", "b", "c"] };
  expect(countRows(columns)).toBe(3);
  expect(takeRows(columns, [2, 0])).toEqual({ length: Float64Array.of(7, 5), kind: ["c", "a"] });
  const named = { data: [1, 2, 3], shape: [4, 5, 6] };
  expect(takeRows(named, [1])).toEqual({ data: [2], shape: [5] });
});

test("columns that are none, or not equally long, are an error", () => {
  expect(() => countRows({ a: [1, 2], b: [1] })).toThrow(
    '[rows] expected 2 entries in column "b", received 1 entries.',
  );
  expect(() => countRows({ a: [1, 2], b: 5 } as never)).toThrow(
    '[rows] expected 2 entries in column "b", received 5.',
  );
  for (const wrong of [
    {},
    new Map([["a", [1]]]),
    new DataView(new ArrayBuffer(4)),
    null,
    5,
    "text",
    { a: 1 },
  ])
    expect(() => countRows(wrong as never)).toThrow(
      "[rows] expected a list, a typed array, { data, shape }, or",
    );
});

test("what was taken is a copy", () => {
  const source = { data: Float32Array.of(1, 2), shape: [2, 1] };
  takeRows(source, [0]).data[0] = 9;
  expect(source.data[0]).toBe(1);
});

test("rows that are not there are an error", () => {
  expect(() => takeRows([1, 2], [0, 2])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [takeRows] expected row numbers from 0 to 1, received 2.]`,
  );
  expect(() => takeRows([1, 2], [-1])).toThrow("[takeRows]");
  expect(() => takeRows([1, 2], [0.5])).toThrow("[takeRows]");
});

test("numbers must fill their shape", () => {
  expect(countRows({ data: new Float32Array(6), shape: [3, 2] })).toBe(3);
  expect(() => countRows({ data: new Float32Array(5), shape: [3, 2] })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [rows] expected [3, 2] numbers, rows first, received 5 numbers.]`,
  );
});

test("inputs and targets have equally many rows", () => {
  const inputs = { data: new Float32Array(6), shape: [3, 2] };
  expect(countSamples("split", { inputs, targets: ["a", "b", "c"] })).toBe(3);
  expect(() =>
    countSamples("split", { inputs, targets: Uint8Array.of(0, 1) }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [split] expected targets for 3 rows of inputs, received 2 rows.]`,
  );
  expect(takeSamples({ inputs, targets: ["a", "b", "c"] }, [2]).targets).toEqual(["c"]);
});
