import { expect, test } from "vitest";
import { kernelsOf, operationsOf } from "./kernels.js";
import { measurePeak } from "./peak.js";
import { selectWorkloads } from "./workloads.js";

const operations = (name: string) => operationsOf(selectWorkloads([name])[0]!);

test("operations of a step: no gradient of the data is needed, other products are needed three times", () => {
  expect(operations("W3")).toBe(2 * 32 * (2 * 784 * 128 + 3 * 128 * 10));
  expect(operations("W6-1024")).toBe(2 * 1024 * (784 * 128 + 128 * 10));
  expect(operations("W8-64")).toBe(2 * 64 ** 3);
  expect(operations("W7")).toBe(
    2 * 64 * (2 * 26 * 26 * 9 * 8 + 3 * 11 * 11 * 9 * 8 * 16 + 3 * 5 * 5 * 16 * 10),
  );
});

test("kernels of convolutions are used at every place of their result", () => {
  const layers = [
    { kind: "convolution", filters: 8, size: 3 },
    { kind: "maxPool", size: 2 },
    { kind: "dense", units: 10 },
  ] as const;
  expect(kernelsOf(layers, [28, 28, 1])).toEqual([
    { shape: [3, 3, 1, 8], places: 26 * 26 },
    { shape: [13 * 13 * 8, 10], places: 1 },
  ]);
});

test("the peak of one core is some billions of operations a second, and no fantasy", () => {
  const peak = measurePeak();
  expect(peak).toBeGreaterThan(1e8);
  expect(peak).toBeLessThan(1e12);
});
