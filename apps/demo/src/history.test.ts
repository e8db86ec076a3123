import { expect, test } from "vitest";
import { History } from "./history.js";

function run(epochs: number): History {
  const history = new History();
  for (let epoch = 0; epoch <= epochs; epoch++)
    history.add({
      epoch,
      loss: 1 / (epoch + 1),
      testLoss: Math.abs(epoch - 50),
      accuracy: 0,
      testAccuracy: 0,
    });
  return history;
}

test("short runs are kept whole", () => {
  expect(run(100).measurements.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 101 }, (_, i) => i));
});

test("long runs are thinned out evenly, with the first and the last", () => {
  const epochs = run(100_001).measurements.map(({ epoch }) => epoch);
  expect(epochs.length).toBeLessThan(1100);
  expect(epochs.length).toBeGreaterThan(500);
  expect(epochs[0]).toBe(0);
  expect(epochs.at(-1)).toBe(100_001);
  const strides = new Set(epochs.slice(1, -1).map((epoch, i) => epoch - epochs[i]!));
  expect(strides.size).toBe(1);
});

test("the best loss is remembered, thinned out or not", () => {
  expect(run(5000).bestTestLoss).toBe(0);
});

test("the last share of the epochs", () => {
  expect(run(100).recent(0.5)[0]?.epoch).toBe(50);
});
