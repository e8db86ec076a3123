import { expect, it } from "vitest";
import { type Initializer, mapParameterSpecs, type ParameterSpecs, parameterSpecEntries } from "./index.js";

const initializer: Initializer = {
  config: { kind: "zeros" },
  generate: (shape) => new Float32Array(shape[0] ?? 1),
};
const specs: ParameterSpecs = {
  dense_1: { kernel: { shape: [2, 3], initializer }, bias: { shape: [3], initializer, trainable: false } },
  shape: { shape: { shape: [], initializer } },
};

it("lists parameters by path, also those called shape", () => {
  expect(parameterSpecEntries(specs).map(([path, { shape }]) => [path, shape])).toEqual([
    ["dense_1/kernel", [2, 3]],
    ["dense_1/bias", [3]],
    ["shape/shape", []],
  ]);
});

it("maps to a tree of the same names", () => {
  expect(mapParameterSpecs(specs, (_, path) => path)).toEqual({
    dense_1: { kernel: "dense_1/kernel", bias: "dense_1/bias" },
    shape: { shape: "shape/shape" },
  });
});
