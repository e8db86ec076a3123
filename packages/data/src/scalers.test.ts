import fc from "fast-check";
import { expect, test } from "vitest";
import { fitMinMaxScaler, minMaxScaler } from "./min-max-scaler.js";
import { fitStandardScaler, standardScaler } from "./standard-scaler.js";

const rows = [
  [1, 10, 5],
  [2, 20, 5],
  [3, 60, 5],
];

test("a standard scaler makes mean 0 and deviation 1, and only shifts constant features", () => {
  const scaler = fitStandardScaler(rows);
  expect(scaler.config).toEqual({
    kind: "standardScaler",
    mean: [2, 30, 5],
    deviation: [Math.sqrt(2 / 3), Math.sqrt(1400 / 3), 0],
  });
  const { data, shape } = scaler.transform(rows);
  expect(shape).toEqual([3, 3]);
  for (const feature of [0, 1]) {
    const values = [0, 1, 2].map((row) => data[row * 3 + feature]!);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(values.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 6);
  }
  expect([data[2], data[5], data[8]]).toEqual([0, 0, 0]);
});

test("a constant that sums badly is still a constant", () => {
  const scaler = fitStandardScaler(Array.from({ length: 10 }, () => [0.1]));
  expect(scaler.config).toEqual({ kind: "standardScaler", mean: [0.1], deviation: [0] });
  expect(scaler.transform([[0.1], [0.2]]).data[1]).toBeCloseTo(0.1, 6);
});

test("deviations of features with large means do not cancel", () => {
  const { deviation } = fitStandardScaler([1e9, 1e9 + 1, 1e9 + 2]).config as unknown as {
    deviation: number[];
  };
  expect(deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 9);
});

test("a min-max scaler reaches both ends", () => {
  const scaler = fitMinMaxScaler(rows, { low: -1, high: 1 });
  expect([...scaler.transform(rows).data]).toEqual([-1, -1, -1, 0, Math.fround(-0.6), -1, 1, 1, -1]);
  expect(fitMinMaxScaler(rows).transform([[4, 35, 6]]).data).toEqual(Float32Array.of(1.5, 0.5, 1));
});

test("scalers come back from their config as JSON, and invert what they did", () => {
  const data = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(data, (numbers) => {
      for (const fitted of [fitStandardScaler(numbers), fitMinMaxScaler(numbers, { high: 3 })]) {
        const config = JSON.parse(JSON.stringify(fitted.config));
        const restored = config.kind === "standardScaler" ? standardScaler(config) : minMaxScaler(config);
        const scaled = restored.transform(numbers);
        expect(scaled).toEqual(fitted.transform(numbers));
        const back = restored.inverse(scaled).data;
        for (const [i, value] of numbers.flat().entries())
          expect(Math.abs(back[i]! - value)).toBeLessThan(1e-3);
      }
    }),
  );
});

test("features are on the last axis, and single numbers are one feature", () => {
  const steps = { data: Float32Array.of(0, 10, 2, 30, 4, 50, 6, 70), shape: [2, 2, 2] };
  expect(fitMinMaxScaler(steps).config).toMatchObject({ min: [0, 10], max: [6, 70] });
  expect(fitMinMaxScaler([3, 4, 5]).transform(Float64Array.of(4))).toEqual({
    data: Float32Array.of(0.5),
    shape: [1],
  });
});

test("numbers that are not finite, ragged rows and other widths are errors", () => {
  expect(() =>
    fitStandardScaler([
      [1, 2],
      [3, Number.NaN],
    ]),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [fitStandardScaler] expected a finite number in row 1, column 1, received NaN. Fill it in or leave the row out.]`,
  );
  expect(() => fitStandardScaler([{ length: 1 }] as never)).toThrow(
    "[fitStandardScaler] expected rows of numbers: arrays, a typed array, or { data, shape }, received [an Object].",
  );
  expect(() => fitMinMaxScaler([[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [fitMinMaxScaler] expected 2 numbers in row 1, received [3].]`,
  );
  expect(() => fitStandardScaler([])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [fitStandardScaler] expected at least one row, received no rows.]`,
  );
  expect(() => fitStandardScaler(rows).transform([[1, 2]])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [standardScaler.transform] expected 3 features, received 2.]`,
  );
  expect(() => minMaxScaler({ min: [0], max: [1], low: 1, high: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [minMaxScaler] expected finite numbers low < high, received [1, 1].]`,
  );
  expect(() => standardScaler({ mean: [0], deviation: [] })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [standardScaler] expected lists of one length as mean and deviation, received [1, 0].]`,
  );
});

test("what JSON writes for a missing number is refused, where a typed array would make it 0", () => {
  const scaler = fitStandardScaler(rows);
  const missing = [
    [1, 2, 3],
    [4, null, 6],
  ] as never;
  expect(() => scaler.transform(missing)).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [standardScaler.transform] expected a number in row 1, column 1, received null. Where one is missing, fill it in, leave the row out, or write NaN to do so later.]`,
  );
  expect(() => fitMinMaxScaler(missing)).toThrow(
    "[fitMinMaxScaler] expected a number in row 1, column 1, received null.",
  );
  expect(() => scaler.inverse({ data: [1, 2, "3"], shape: [1, 3] } as never)).toThrow(
    '[standardScaler.inverse] expected a number in row 0, column 2, received "3".',
  );
  expect(() => fitStandardScaler([1, undefined] as never)).toThrow("row 1, column 0, received undefined.");
  expect(() => scaler.transform([[1, 2, 3], null] as never)).toThrow("3 numbers in row 1, received null.");
});

test.each([
  [
    new DataView(new ArrayBuffer(8)),
    "rows of numbers: arrays, a typed array, or { data, shape }, received a DataView.",
  ],
  [undefined, "rows of numbers"],
  ["12", "rows of numbers"],
  [{}, "rows of numbers"],
  [
    [["1", 2]],
    'a number in row 0, column 0, received "1". Where one is missing, fill it in, leave the row out',
  ],
  [
    [
      [1, 2],
      [3, null],
    ],
    "a number in row 1, column 1, received null.",
  ],
  [[[1, 2], null], "2 numbers in row 1, received null."],
  [["1", 2], 'a number in row 0, column 0, received "1".'],
  [[1, undefined], "a number in row 1, column 0, received undefined."],
  [new BigInt64Array(2), "a number in row 0, column 0, received 0n."],
])("%o are no rows of numbers", (wrong, message) => {
  const scaler = standardScaler({ mean: [0, 0], deviation: [1, 1] });
  for (const [name, use] of Object.entries({ fitStandardScaler, fitMinMaxScaler }))
    expect(() => use(wrong as never)).toThrow(`[${name}] expected ${message}`);
  expect(() => scaler.transform(wrong as never)).toThrow(`[standardScaler.transform] expected ${message}`);
  expect(() => scaler.inverse(wrong as never)).toThrow(`[standardScaler.inverse] expected ${message}`);
});

test("numbers and their shape have to fit each other", () => {
  for (const data of [[1, 2, 3], new Float32Array(3), new DataView(new ArrayBuffer(8))])
    expect(() => fitStandardScaler({ data, shape: [2, 2] } as never)).toThrow(
      "[rows] expected [2, 2] numbers",
    );
  expect(() => fitStandardScaler({ data: ["1", 2], shape: [1, 2] } as never)).toThrow(
    '[fitStandardScaler] expected a number in row 0, column 0, received "1".',
  );
});

test("what a scaler is made of are finite numbers", () => {
  for (const wrong of [null, "1", Number.NaN, Number.POSITIVE_INFINITY, undefined] as never[]) {
    expect(() => standardScaler({ mean: [0, wrong], deviation: [1, 1] })).toThrow(
      "[standardScaler] expected a finite number at 1 of mean, received",
    );
    expect(() => minMaxScaler({ min: [0], max: [wrong] })).toThrow(
      "expected a finite number at 0 of max, received",
    );
  }
  for (const low of [Number.NEGATIVE_INFINITY, Number.NaN, [0], [[0]], 2] as never[])
    expect(() => minMaxScaler({ min: [0], max: [1], low })).toThrow(
      "[minMaxScaler] expected finite numbers low < high",
    );
  for (const range of [null, 5, "01", { lo: 0 }] as never[])
    expect(() => fitMinMaxScaler([1, 2], range)).toThrow(
      "[fitMinMaxScaler] expected options { low, high }, received",
    );
});
