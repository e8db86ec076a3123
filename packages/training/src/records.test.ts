import { describe, expect, it } from "vitest";
import { readRows } from "./rows.js";

const reading = { operation: "fit", what: "inputs" };

describe("records", () => {
  it("are read in the order of the first one's names", () => {
    const { data, count, features, single } = readRows(
      [
        { width: 1, height: 2 },
        { height: 4, width: 3 },
      ],
      [2],
      reading,
    );
    expect([[...data], count, features, single]).toEqual([[1, 2, 3, 4], 2, ["width", "height"], false]);
  });

  it("may be one list per column", () => {
    const { data, features } = readRows({ width: [1, 3], height: [2, 4] }, [2], reading);
    expect([[...data], features]).toEqual([
      [1, 2, 3, 4],
      ["width", "height"],
    ]);
  });

  it("name the column of a number that is none", () => {
    const wrong = (source: unknown, features?: readonly string[]) => () =>
      readRows(source, [2], { ...reading, features });
    const message = 'expected a finite number (float32) in row 1, column "height" of inputs, received';
    expect(
      wrong([
        { width: 1, height: 2 },
        { width: 3, height: null },
      ]),
    ).toThrow(`${message} null.`);
    expect(wrong({ width: [1, 3], height: [2, Number.NaN] })).toThrow(`${message} NaN.`);
    expect(
      wrong(
        [
          [1, 2],
          [3, "4"],
        ],
        ["width", "height"],
      ),
    ).toThrow(`${message} "4".`);
    expect(
      wrong([
        [1, 2],
        [3, "4"],
      ]),
    ).toThrow("row 1, column 1 of inputs");
  });

  it("may be one typed array per column, as tables have them", () => {
    const columns = { width: Float64Array.of(1, 3), height: Float64Array.of(2, 4) };
    expect(readRows(columns, [2], reading)).toMatchObject({ count: 2, features: ["width", "height"] });
    expect([...readRows(columns, [2], reading).data]).toEqual([1, 2, 3, 4]);
    expect([...readRows({ width: [1, 3], height: Uint8Array.of(2, 4) }, [2], reading).data]).toEqual([
      1, 2, 3, 4,
    ]);
    expect(() => readRows({ width: [1, 3], height: Uint8Array.of(2) }, [2], reading)).toThrow(
      '2 numbers in column "height" of inputs',
    );
  });

  it("say which column and row has a wrong number, by name", () => {
    const wrong = (source: unknown, message: string) =>
      expect(() => readRows(source, [2], reading)).toThrow(
        `[fit] expected a finite number (float32) in ${message}`,
      );
    wrong(
      [
        { width: 1, height: 2 },
        { width: 3, height: Number.NaN },
      ],
      'row 1, column "height" of inputs, received NaN.',
    );
    wrong({ width: [1, 2, "3"], height: [4, 5, 6] }, 'row 2, column "width" of inputs, received "3".');
    wrong(
      { width: Float64Array.of(1, Number.POSITIVE_INFINITY), height: [4, 5] },
      'row 1, column "width" of inputs',
    );
    wrong(
      [
        [1, 2],
        [3, null],
      ],
      "row 1, column 1 of inputs, received null.",
    );
  });

  it("follow the names that the model knows", () => {
    const known = { ...reading, features: ["height", "width"] };
    expect([...readRows([{ width: 1, height: 2 }], [2], known).data]).toEqual([2, 1]);
    expect(readRows({ width: 1, height: 2 }, [2], known, true).single).toBe(true);
  });

  it("may have columns called data and shape", () => {
    const columns = { data: [5, 7, 9], shape: [1, 0.5, 2] };
    const known = { ...reading, features: ["data", "shape"] };
    expect(readRows(columns, [2], reading)).toMatchObject({ count: 3, features: ["data", "shape"] });
    expect(readRows({ ...columns, area: [1, 2, 3] }, [3], reading).features).toEqual([
      "data",
      "shape",
      "area",
    ]);
    expect(readRows([{ data: 5, shape: 1 }], [2], reading)).toMatchObject({
      count: 1,
      features: ["data", "shape"],
    });
    expect(readRows({ data: 5, shape: 1 }, [2], known, true)).toMatchObject({ count: 1, single: true });
    // Two numbers in shape [1, 2], or two rows: by what the model knows.
    const either = { data: [5, 7], shape: [1, 2] };
    expect([...readRows(either, [2], reading).data]).toEqual([5, 7]);
    expect([...readRows(either, [2], known).data]).toEqual([5, 1, 7, 2]);
  });

  it("are not what has numbers and a shape that does not fit", () => {
    for (const data of [[1, 2, 3], Float32Array.of(1, 2)])
      expect(() => readRows({ data, shape: [2, 2] }, [2], reading)).toThrow(
        `[fit] expected rows of shape [2] of inputs, received ${data.length} numbers in shape [2, 2].`,
      );
  });

  it.each([
    [
      [{ a: 1, b: 2 }, { a: 3 }],
      `[fit] expected a number "b" in row 1 of inputs, received a record without it.`,
    ],
    [
      [
        { a: 1, b: 2 },
        { a: 3, b: 1, c: 4 },
      ],
      `[fit] expected the columns a, b in row 1 of inputs, received "c".`,
    ],
    [[{ a: 1, b: 2 }, [3, 4]], "[fit] expected a record in row 1 of inputs"],
    [
      [{ a: 1, b: "x" }],
      `[fit] expected a finite number (float32) in row 0, column "b" of inputs, received "x".`,
    ],
    [{ a: [1, 2], b: [3] }, `[fit] expected 2 numbers in column "b" of inputs, received [3].`],
    [
      { a: 1, b: 2 },
      "[fit] expected a list of records, or a list per column, of inputs, received a single record.",
    ],
    [[{ a: 1 }], "[fit] expected 2 numbers in row 0 of inputs, received 1 entries."],
  ])("that do not fit name row and column", (source, message) => {
    expect(() => readRows(source, [2], reading)).toThrow(message);
  });
});
