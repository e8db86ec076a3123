import { describe, expect, test } from "vitest";
import { blobs } from "./blobs.js";
import { circles } from "./circles.js";
import { linearData } from "./linear-data.js";
import { spirals } from "./spirals.js";
import { twoMoons } from "./two-moons.js";
import { xor } from "./xor.js";

const sets = { twoMoons, circles, spirals, blobs };
const points = ({ inputs }: ReturnType<typeof twoMoons>) =>
  Array.from(
    { length: inputs.shape[0] },
    (_, row) => [inputs.data[2 * row]!, inputs.data[2 * row + 1]!] as const,
  );

describe.each(Object.entries(sets))("%s", (name, make) => {
  test("one seed gives one set, and a longer set starts like a shorter one", () => {
    const [short, long] = [make({ rows: 20, seed: 3 }), make({ rows: 50, seed: 3 })];
    expect(long.inputs.data.subarray(0, 40)).toEqual(short.inputs.data);
    expect(make({ rows: 20, seed: 4 }).inputs.data).not.toEqual(short.inputs.data);
  });

  test("classes take turns", () => {
    const { targets, inputs } = make({ rows: 12 });
    const classes = Math.max(...targets.data) + 1;
    expect([...targets.data]).toEqual(Array.from({ length: 12 }, (_, row) => row % classes));
    expect([inputs.shape, targets.shape]).toEqual([[12, 2], [12]]);
  });

  test("rows that are no count are an error", () => {
    expect(() => make({ rows: 0 })).toThrow(
      `[${name}] expected a whole number of \`rows\`, at least 1, received 0.`,
    );
  });
});

test("xor is 1 where exactly one input is", () => {
  const { inputs, targets } = xor();
  expect([...targets.data]).toEqual(
    [0, 1, 2, 3].map((row) => inputs.data[2 * row]! ^ inputs.data[2 * row + 1]!),
  );
});

test("without noise the moons are half circles, the lower one around (1, 0.5)", () => {
  for (const [row, [x, y]] of points(twoMoons({ noise: 0, rows: 100 })).entries()) {
    const [dx, dy] = row % 2 === 0 ? [x, y] : [x - 1, 0.5 - y];
    expect(Math.hypot(dx, dy)).toBeCloseTo(1, 5);
    expect(dy).toBeGreaterThanOrEqual(-1e-6);
  }
});

test("without noise the circles have their radii", () => {
  for (const [row, [x, y]] of points(circles({ noise: 0, inner: 0.3 })).entries()) {
    expect(Math.hypot(x, y)).toBeCloseTo(row % 2 === 0 ? 1 : 0.3, 5);
  }
  expect(() => circles({ inner: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [circles] expected a radius \`inner\` between 0 and 1, received 1.]`,
  );
});

test("the arms of spirals are one arm, turned", () => {
  const turned = points(spirals({ noise: 0, arms: 3, turns: 0, rows: 90 }));
  for (const [row, [x, y]] of turned.entries()) {
    const angle = (2 * Math.PI * (row % 3)) / 3;
    const radius = Math.hypot(x, y);
    expect(x).toBeCloseTo(radius * Math.cos(angle), 5);
    expect(y).toBeCloseTo(radius * Math.sin(angle), 5);
    expect(radius).toBeLessThan(1);
  }
  expect(() => spirals({ arms: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [spirals] expected 2 to 256 \`arms\`, received 1.]`,
  );
});

test("noise has the deviation that was asked for", () => {
  const still = points(circles({ noise: 0, rows: 4000 }));
  const shaken = points(circles({ noise: 0.2, rows: 4000 }));
  const squares = still.map(([x, y], row) => ((x - shaken[row]![0]) ** 2 + (y - shaken[row]![1]) ** 2) / 2);
  expect(Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / 4000)).toBeCloseTo(0.2, 2);
});

test("blobs lie around their centers, in any number of features", () => {
  const { inputs, targets } = blobs({
    centers: [
      [0, 0, 9],
      [5, 5, 9],
    ],
    noise: 0,
    rows: 3,
  });
  expect([...inputs.data]).toEqual([0, 0, 9, 5, 5, 9, 0, 0, 9]);
  expect([...targets.data]).toEqual([0, 1, 0]);
  expect(blobs({ features: 4, rows: 2 }).inputs.shape).toEqual([2, 4]);
  expect(() => blobs({ centers: [[0], [1, 2]] })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [blobs] expected 1 to 256 \`centers\` with equally many features, at least 1, received [[0], [1, 2]].]`,
  );
});

test("linear data follow their weights", () => {
  const { inputs, targets } = linearData({ weights: [2, -3], bias: 0.5, noise: 0, rows: 10 });
  for (let row = 0; row < 10; row++) {
    expect(targets.data[row]).toBeCloseTo(2 * inputs.data[2 * row]! - 3 * inputs.data[2 * row + 1]! + 0.5, 5);
  }
  expect([inputs.shape, targets.shape]).toEqual([
    [10, 2],
    [10, 1],
  ]);
  expect(() => linearData({ weights: [] })).toThrow("[linearData]");
});

test.each(Object.entries({ linearData, circles, spirals, twoMoons, blobs }))(
  "%s refuses noise and seeds that are no numbers, or make no sense",
  (name, make) => {
    for (const noise of [Number.NaN, -1, Number.POSITIVE_INFINITY, "0.1", null, [0.1]] as never[])
      expect(() => make({ noise })).toThrow(`[${name}] expected a`);
    for (const seed of [Number.NaN, 0.5, "1", null, [1]] as never[])
      expect(() => make({ seed })).toThrow(`[${name}] expected a`);
  },
);

test("weights are finite numbers", () => {
  for (const weights of ["12", null, [], [Number.NaN], ["1"], [null], 5] as never[])
    expect(() => linearData({ weights })).toThrow(
      "[linearData] expected finite numbers, at least one, as weights",
    );
});
