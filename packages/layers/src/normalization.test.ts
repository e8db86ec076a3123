import {
  ArgumentError,
  interpretGraph,
  type Layer,
  mapParameterSpecs,
  parameter,
  ShapeError,
  type Tensor,
} from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { batchNormalization, layerNormalization, sequential } from "./index.js";

const threeRows = [
  [1, 10],
  [3, 20],
  [5, 60],
];

/** What the layer makes of some rows in float64; parameters have their initial values unless others are given. */
function run(
  layer: Layer,
  training: boolean,
  given: Readonly<Record<string, number[]>> = {},
  rows = threeRows,
) {
  const width = rows[0]?.length ?? 0;
  const input = parameter("input", [rows.length, width]);
  const values = new Map<Tensor, ArrayLike<number>>([[input, rows.flat()]]);
  const parameters = mapParameterSpecs(layer.parameters([width]), ({ shape, initializer }, path) => {
    const made = parameter(path, shape);
    values.set(made, given[path] ?? initializer.generate(shape, { seed: 1, stream: 1 }));
    return made;
  });
  const updates = new Map<string, Tensor>();
  const output = layer.forward({
    input,
    parameters,
    training,
    random: () => input,
    update: (name, value) => updates.set(name, value),
    addPenalty: () => {},
  });
  const [numbers = [], ...updated] = interpretGraph([output, ...updates.values()], {
    precision: "f64",
    values,
  });
  const names = [...updates.keys()];
  return {
    output: [...numbers].map((value) => Math.round(value * 1e9) / 1e9),
    updates: Object.fromEntries(names.map((name, i) => [name, [...(updated[i] ?? [])]])),
  };
}

describe("batchNormalization", () => {
  it("gives every feature mean 0 and variance 1 over the batch, and follows mean and variance", () => {
    const { output, updates } = run(batchNormalization({ epsilon: 1e-12, momentum: 0.5 }), true);
    for (const feature of [0, 1]) {
      const column = [0, 1, 2].map((row) => output[2 * row + feature] ?? Number.NaN);
      expect(column.reduce((a, b) => a + b)).toBeCloseTo(0, 8);
      expect(column.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 8);
    }
    // Means 3 and 30, variances 8/3 and 1400/3, biased; half of the way from 0 and 1.
    expect(updates.movingMean).toEqual([1.5, 15]);
    expect(updates.movingVariance?.[0]).toBeCloseTo((1 + 8 / 3) / 2, 12);
    expect(updates.movingVariance?.[1]).toBeCloseTo((1 + 1400 / 3) / 2, 10);
  });

  it("uses the moving ones outside of training, and where it is frozen", () => {
    const moving = { movingMean: [1, 10], movingVariance: [4, 100], gamma: [2, 1], beta: [0, 5] };
    const expected = [0, 5, 2, 6, 4, 10];
    const outside = run(batchNormalization({ epsilon: 1e-12 }), false, moving);
    const frozen = run(batchNormalization({ epsilon: 1e-12, trainable: false }), true, moving);
    for (const { output, updates } of [outside, frozen]) {
      expect(output).toEqual(expected);
      expect(updates).toEqual({});
    }
  });

  it("gives beta where all rows of a batch are alike", () => {
    const { output } = run(batchNormalization(), true, { gamma: [3], beta: [0.5] }, [[7], [7]]);
    expect(output).toEqual([0.5, 0.5]);
  });

  it("refuses what makes no sense", () => {
    expect(() => batchNormalization({ momentum: 1 })).toThrow(ArgumentError);
    expect(() => batchNormalization({ momentum: 1 })).toThrow("a momentum of at least 0 and below 1");
    expect(() => batchNormalization({ epsilon: 0 })).toThrow("an epsilon above 0");
    expect(() => batchNormalization({ gammaInitializer: 1 as never })).toThrow(
      "a value such as zeros as gammaInitializer",
    );
    expect(() => batchNormalization({ axis: 1 } as never)).toThrow("options {");
    expect(() => batchNormalization().parameters([])).toThrow(ShapeError);
  });
});

describe("layerNormalization", () => {
  it("gives the features of every row mean 0 and variance 1", () => {
    const { output, updates } = run(layerNormalization({ epsilon: 1e-12 }), true);
    expect(output).toEqual([-1, 1, -1, 1, -1, 1]);
    expect(updates).toEqual({});
  });

  it("refuses axes that do not exist", () => {
    expect(() => layerNormalization({ axes: [] })).toThrow(ArgumentError);
    expect(() => layerNormalization({ axes: [-1] })).toThrow("axes of the features, counted from 0");
    expect(() => layerNormalization({ axes: [1, 1] })).toThrow("axes of the features, counted from 0");
    expect(() => sequential([3], layerNormalization({ axes: [1] }))).toThrow("features with the axes 1");
    expect(() => layerNormalization().parameters([])).toThrow("features on a last axis");
  });
});
