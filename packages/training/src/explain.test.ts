import { interpreter } from "@myelin/compiler";
import { type Loss, mean, multiply, type Network, square, subtract } from "@myelin/tensor";
import { expect, it } from "vitest";
import { explain } from "./explain.js";

const zeros = {
  config: { kind: "zeros" },
  generate: (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1)),
};
const scale: Network = {
  config: { kind: "scale" },
  inputShape: [3],
  outputShape: [3],
  children: [],
  parameters: () => ({ factor: { shape: [3], initializer: zeros } }),
  forward: ({ input, parameters }) => multiply(input, parameters.factor as typeof input),
};
const squaredError: Loss = {
  name: "squaredError",
  config: { kind: "squaredError" },
  perRow: (predictions, targets) => mean(square(subtract(predictions, targets)), -1),
  link: (predictions) => predictions,
  targets: "values",
};
const descent = {
  config: { kind: "descent" },
  learningRate: 0.1,
  slots: {},
  scalars: {},
  update: ({
    parameters,
    gradients,
    slots,
    scalars,
    learningRate,
  }: Parameters<import("@myelin/tensor").Optimizer["update"]>[0]) => ({
    parameters: subtract(parameters, multiply(learningRate, gradients)),
    slots,
    scalars,
  }),
};

it("shows graph, grouping, kernels and memory of the step that fit compiles", () => {
  const data = {
    inputs: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    targets: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  };
  const text = explain(scale, data, {
    loss: squaredError,
    optimizer: descent,
    batchSize: 2,
    backend: interpreter,
  });
  for (const part of [
    "graph of training step, 2 rows:",
    "grouping:",
    "kernels",
    "buffers:",
    "trainable f32[3] variable",
    "kernel 0:",
  ])
    expect(text).toContain(part);
});
