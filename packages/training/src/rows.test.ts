import { describe, expect, it } from "vitest";
import { readRows } from "./rows.js";

const reading = { operation: "fit", what: "inputs" };
const read = (source: unknown, shape: readonly number[], one = false) =>
  readRows(source, shape, reading, one);

describe("readRows", () => {
  it("keeps bytes, integers and floats as they are, without a copy", () => {
    for (const data of [new Uint8Array(6), new Int32Array(6), new Float32Array(6)]) {
      expect(read(data, [3])).toEqual({ data, count: 2, single: false });
      expect(read(data, [3]).data).toBe(data);
      expect(read({ data, shape: [2, 3] }, [3]).data).toBe(data);
    }
    const clamped = Uint8ClampedArray.of(9, 1, 2).subarray(1);
    expect(read(clamped, [2]).data).toEqual(Uint8Array.of(1, 2));
    expect(read(Float64Array.of(0.5, 1), [2]).data).toEqual(Float32Array.of(0.5, 1));
    expect(read(Int16Array.of(-5, 1), [2]).data).toEqual(Float32Array.of(-5, 1));
  });

  it("flattens nested rows of any depth", () => {
    const images = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    expect(read(images, [2, 2])).toEqual({
      data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      count: 2,
      single: false,
    });
    expect(read(images[0], [2, 2], true)).toEqual({
      data: Float32Array.of(1, 2, 3, 4),
      count: 1,
      single: true,
    });
    expect(read([[true, false]], [2]).data).toEqual(Float32Array.of(1, 0));
  });

  it("takes numbers without brackets for rows of one number, except where one row is wanted", () => {
    expect(read([1, 2, 3], [1]).count).toBe(3);
    expect(read([[1], [2]], [1]).count).toBe(2);
    expect(read([1], [1], true)).toMatchObject({ count: 1, single: true });
    expect(() => read([1, 2, 3], [1], true)).toThrow(
      "1 numbers in row 0 of inputs, received 3 entries. Write rows as [[..], [..]].",
    );
  });

  it("takes flattened rows and images for each other", () => {
    expect(read({ data: new Uint8Array(8), shape: [2, 2, 2] }, [4]).count).toBe(2);
    expect(read({ data: new Uint8Array(8), shape: [2, 4] }, [2, 2]).count).toBe(2);
    expect(read({ data: [1, 2, 3], shape: [3] }, [3], true)).toMatchObject({ count: 1, single: true });
    expect(() => read({ data: new Uint8Array(12), shape: [2, 3, 2] }, [2, 3])).toThrow(
      "[fit] expected rows of shape [2, 3] of inputs, received 12 numbers in shape [2, 3, 2].",
    );
  });

  it.each([
    [
      "ragged rows",
      [[1, 2], [3]],
      [2],
      "[fit] expected 2 numbers in row 1 of inputs, received 1 entries. All rows need the same length.",
    ],
    [
      "rows for another network",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2],
      "[fit] expected 2 numbers in row 0 of inputs, received 3 entries. Each row needs the shape [2] here.",
    ],
    [
      "a number instead of a row",
      [[1, 2], 3],
      [2],
      "[fit] expected 2 numbers in row 1 of inputs, received 3.",
    ],
    [
      "nothing instead of a row",
      [[1, 2], null],
      [2],
      "[fit] expected 2 numbers in row 1 of inputs, received null.",
    ],
    [
      "NaN",
      [
        [1, 2],
        [3, Number.NaN],
      ],
      [2],
      "[fit] expected a finite number (float32) in row 1, column 1 of inputs, received NaN. Leave the row out or fill in a number.",
    ],
    [
      "a hole",
      [[1, undefined]],
      [2],
      "[fit] expected a finite number (float32) in row 0, column 1 of inputs, received undefined.",
    ],
    [
      "text",
      [[1, "2"]],
      [2],
      '[fit] expected a finite number (float32) in row 0, column 1 of inputs, received "2".',
    ],
    [
      "a number beyond float32",
      [[1, 1e39]],
      [2],
      "[fit] expected a finite number (float32) in row 0, column 1 of inputs, received 1e+39.",
    ],
    ["a flat NaN", Float32Array.of(1, 2, 3, Number.NaN), [2], "row 1, column 1 of inputs, received NaN."],
    [
      "a flat number beyond float32",
      Float64Array.of(1, 2, -1e39, 0),
      [2],
      "row 1, column 0 of inputs, received -1e+39.",
    ],
    [
      "a wrong length",
      new Uint8Array(5),
      [2],
      "[fit] expected a multiple of 2 numbers of inputs, received 5 numbers.",
    ],
    ["no rows", [], [2], "[fit] expected at least one row of inputs, received no rows."],
    [
      "no numbers",
      new Float32Array(0),
      [2],
      "[fit] expected a multiple of 2 numbers of inputs, received 0 numbers.",
    ],
    [
      "numbers that are fewer than their shape",
      { data: [1, 2, 3], shape: [2, 2] },
      [2],
      "received 3 numbers in shape [2, 2].",
    ],
    [
      "a record",
      { a: 1 },
      [2],
      "[fit] expected a list of records, or a list per column, of inputs, received a single record.",
    ],
    [
      "NaN in an image",
      [
        [
          [1, 2],
          [3, Number.NaN],
        ],
      ],
      [2, 2],
      "row 0, column 3 of inputs, received NaN.",
    ],
  ])("names the place of %s", (_, source, shape, message) => {
    expect(() => read(source, shape)).toThrow(message);
  });
});
