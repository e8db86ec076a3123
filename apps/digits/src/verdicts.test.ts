import { expect, test } from "vitest";
import { confusionTable, countConfusions } from "./confusion-table.js";
import { sameBits } from "./same-bits.js";
import { boldMistakes, rightOnes, verdicts } from "./verdicts.js";

const probabilities = Float32Array.of(0.7, 0.2, 0.1, 0.25, 0.5, 0.25, 0.4, 0.4, 0.2, 0, 0.125, 0.875);
const all = verdicts(probabilities, Uint8Array.of(0, 2, 1, 1));

test("the greatest probability wins, among equals the lowest class", () => {
  expect(all.map(({ predicted }) => predicted)).toEqual([0, 1, 0, 2]);
  expect(all[1]).toEqual({ index: 1, truth: 2, predicted: 1, probability: 0.5 });
});

test("the boldest mistakes come first", () => {
  expect(boldMistakes(all, 2).map(({ index }) => index)).toEqual([3, 1]);
  expect(boldMistakes(all, 9)).toHaveLength(3);
});

test("right ones are of different digits", () => {
  const right = verdicts(Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1), Uint8Array.of(0, 1, 0, 1));
  expect(rightOnes(right, 5).map(({ index }) => index)).toEqual([0, 1]);
  expect(rightOnes(right, 1)).toHaveLength(1);
});

test("confusions are counted by truth and prediction", () => {
  expect(countConfusions(all, 3)).toEqual([
    [1, 0, 0],
    [1, 0, 1],
    [0, 1, 0],
  ]);
});

test("the table has a line per true class", () => {
  expect(
    `\n${confusionTable([
      [980, 0],
      [15, 1120],
    ]).join("\n")}\n`,
  ).toMatchInlineSnapshot(`
    "
          │    0    1 │   right
    ──────┼───────────┼────────
        0 │  980    · │ 100.0 %
        1 │   15 1120 │  98.7 %
    "
  `);
  expect(
    confusionTable([
      [0, 0],
      [0, 1],
    ])[2],
  ).toContain(" - ".trimEnd());
});

test("equal numbers are not always equal bits", () => {
  const numbers = Float32Array.of(1.5, 0, Number.NaN);
  expect(sameBits(numbers, numbers.slice())).toBe(true);
  expect(sameBits(numbers, Float32Array.of(1.5, -0, Number.NaN))).toBe(false);
  expect(sameBits(numbers, numbers.subarray(1))).toBe(false);
  expect(sameBits(numbers.subarray(1), numbers.slice(1))).toBe(true);
});
