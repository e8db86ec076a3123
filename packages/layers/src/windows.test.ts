import { interpretGraph, type Layer, tensor } from "@myelin/tensor";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { averagePool2d, conv2d, maxPool2d, outputShape } from "./index.js";
import { marginsOf } from "./windows.js";

/** One column of cells through a layer without parameters. */
function run(layer: Layer, column: readonly number[]): number[] {
  const y = layer.forward({
    input: tensor(column, [1, column.length, 1, 1]),
    parameters: {},
    training: false,
    random: () => tensor(0),
    update: () => {},
    addPenalty: () => {},
  });
  return [...(interpretGraph([y], { precision: "f64" })[0] as Float64Array)];
}

const extent = fc.integer({ min: 1, max: 30 });
const small = fc.integer({ min: 1, max: 5 });

it("padding same gives ceil(extent / stride) positions, and the end gets the odd cell", () => {
  fc.assert(
    fc.property(extent, extent, small, small, small, (height, width, size, stride, dilation) => {
      const layer = conv2d(2, size, { strides: stride, dilation, padding: "same" });
      expect(outputShape(layer, [height, width, 1])).toEqual([
        Math.ceil(height / stride),
        Math.ceil(width / stride),
        2,
      ]);
      const [vertical] = marginsOf(
        {
          operation: "conv2d",
          size: [size, size],
          strides: [stride, stride],
          dilation: [dilation, dilation],
          padding: "same",
        },
        [height, width, 1],
      );
      expect([0, 1]).toContain(vertical.high - vertical.low);
    }),
    { numRuns: 100 },
  );
});

it("pools of padded images see at least one real cell", () => {
  fc.assert(
    fc.property(extent, small, small, (height, size, stride) => {
      const image = Array.from({ length: height }, (_, i) => i - 40);
      for (const pool of [maxPool2d, averagePool2d]) {
        const layer = pool([size, 1], { strides: [stride, 1], padding: "same" });
        const values = run(layer, image);
        expect(values.every((value) => Number.isFinite(value) && value >= -40 && value < 0)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

it("averages count real cells only", () => {
  const layer = averagePool2d([3, 1], { strides: 1, padding: "same" });
  expect(run(layer, [3, 6, 9, 12])).toEqual([4.5, 6, 9, 10.5]);
});

it("refuses sizes that are none", () => {
  expect(() => conv2d(8, [3] as never)).toThrow(
    "[conv2d] expected one number or [height, width] as kernelSize, received [3]",
  );
  expect(() => conv2d(8, 3, { strides: 0 })).toThrow(
    "[conv2d] expected a whole number of at least 1 as strides, received 0",
  );
  expect(() => conv2d(1.5, 3)).toThrow("as filters, received 1.5");
  expect(() => maxPool2d(2, { padding: "full" as "same" })).toThrow(
    'expected padding "valid" or "same", received "full"',
  );
});
