import { type CompileOptions, compile, type Step } from "@myelin/compiler";
import * as t from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { randomValues } from "./random-graph.js";
import { defineStep, distance, leavesOf, runStep } from "./run-step.js";

interface Convolution {
  readonly stride?: number;
  readonly dilation?: number;
  readonly padding?: number;
  readonly size?: readonly [height: number, width: number];
  readonly kernel?: readonly [height: number, width: number];
}

/** y = convolution of an image batch (channels last), loss = sum of y x cotangent, gradients of both operands. */
function convolutionStep({
  stride = 1,
  dilation = 1,
  padding = 0,
  size = [7, 6],
  kernel = [3, 2],
}: Convolution): Step {
  const x = t.parameter("x", [2, ...size, 3]);
  const w = t.parameter("w", [...kernel, 3, 5]);
  const margin = [0, padding, padding, 0];
  const windows = kernel.map((cells, i) => ({ axis: i + 1, size: cells, stride, dilation }));
  const y = t.contract(t.slidingWindow(t.pad(x, margin, margin), windows), w, {
    leftContracted: [4, 5, 3],
    rightContracted: [0, 1, 2],
  });
  const cotangent = t.parameter("cotangent", y.shape);
  const gradients = t.gradient(t.sum(t.multiply(y, cotangent)), { x, w });
  return { name: "convolution", outputs: { y, dx: gradients.x, dw: gradients.w }, assignments: [] };
}

/** One filter for each of 6 channels. */
function depthwiseStep({ stride = 1, size = [7, 6], kernel = [3, 2] }: Convolution): Step {
  const x = t.parameter("x", [2, ...size, 6]);
  const w = t.parameter("w", [...kernel, 1, 6]);
  const windows = kernel.map((cells, i) => ({ axis: i + 1, size: cells, stride, dilation: 1 }));
  const y = t.contract(
    t.slidingWindow(t.reshape(x, [2, ...size, 6, 1]), windows),
    t.reshape(w, [...kernel, 1, 6, 1]),
    { leftBatch: [3], rightBatch: [3], leftContracted: [5, 6, 4], rightContracted: [0, 1, 2] },
  );
  const cotangent = t.parameter("cotangent", y.shape);
  const gradients = t.gradient(t.sum(t.multiply(y, cotangent)), { x, w });
  return { name: "depthwise", outputs: { y, dx: gradients.x, dw: gradients.w }, assignments: [] };
}

function poolStep(stride: number, reduce: "maximum" | "mean"): Step {
  const x = t.parameter("x", [2, 6, 7, 5]);
  const windows = [1, 2].map((axis) => ({ axis, size: 2, stride, dilation: 1 }));
  const cells = t.slidingWindow(x, windows);
  const y = reduce === "maximum" ? t.max(cells, [4, 5]) : t.mean(cells, [4, 5]);
  const cotangent = t.parameter("cotangent", y.shape);
  return {
    name: "pool",
    outputs: { y, dx: t.gradient(t.sum(t.multiply(y, cotangent)), x) },
    assignments: [],
  };
}

function check(step: Step, options: CompileOptions = {}): void {
  const values = randomValues(leavesOf(step), 3);
  const expected = defineStep(step, values);
  const actual = runStep(step, values, options);
  for (const name of Object.keys(step.outputs)) {
    expect(distance(actual.outputs[name] ?? [], expected.outputs[name] ?? []), name).toBeLessThan(2e-6);
  }
}

const rewritesOff = { rewrite: false };
const cases: Readonly<Record<string, Convolution>> = {
  "stride 1": {},
  padded: { padding: 1 },
  "stride 2": { stride: 2 },
  "stride 2, cells left over": { stride: 2, size: [8, 8], kernel: [3, 3] },
  "dilation 2": { dilation: 2 },
  "stride 2, dilation 2, padded": { stride: 2, dilation: 2, padding: 2 },
  "one window cell": { kernel: [1, 1] },
  "windows that tile": { stride: 2, kernel: [2, 2] },
  "as large as the image": { kernel: [7, 6] },
};

const depthwise: Readonly<Record<string, Convolution>> = {
  "few cells": {},
  "stride 2": { stride: 2 },
  "many cells": { kernel: [6, 6], size: [9, 8] },
  "one row of cells": { kernel: [1, 40], size: [2, 45] },
  "as large as the image": { kernel: [7, 6] },
};

describe("depthwise convolution and its gradients", () => {
  for (const [name, options] of Object.entries(depthwise)) {
    it(name, () => check(depthwiseStep(options)));
    it(`${name}, rewrites off`, () => check(depthwiseStep(options), rewritesOff));
  }

  it("has channels in lanes", () => {
    const families = compile(depthwiseStep({})).kernels.map(({ family }) => family);
    expect(families).not.toContain("contraction");
    const slow = compile(depthwiseStep({}), rewritesOff).kernels.map(({ family }) => family);
    expect(slow).toContain("contraction");
  });
});

describe("convolution and its gradients", () => {
  for (const [name, options] of Object.entries(cases)) {
    it(name, () => check(convolutionStep(options)));
    it(`${name}, rewrites off`, () => check(convolutionStep(options), rewritesOff));
  }

  it("computes the input gradient with stride 1 as a contraction over windows", () => {
    const families = (options?: CompileOptions) =>
      compile(convolutionStep({ padding: 1 }), options).kernels.map(({ family }) => family);
    expect(families().filter((family) => family === "contraction")).toHaveLength(3);
    const adds = (options?: CompileOptions) =>
      compile(convolutionStep({ padding: 1 }), options).kernels.some(({ stores }) =>
        stores.some(({ accumulate }) => accumulate),
      );
    expect(adds()).toBe(false);
    expect(adds(rewritesOff)).toBe(true);
  });
});

describe("pooling and its gradient", () => {
  for (const reduce of ["maximum", "mean"] as const) {
    for (const stride of [1, 2, 3]) {
      it(`${reduce}, stride ${stride}`, () => check(poolStep(stride, reduce)));
      it(`${reduce}, stride ${stride}, rewrites off`, () => check(poolStep(stride, reduce), rewritesOff));
    }
  }

  it("gives the gradient of equal cells to the first one", () => {
    const step = poolStep(2, "maximum");
    const values = new Map(
      leavesOf(step).map((leaf) => [leaf, new Float32Array(t.sizeOf(leaf.shape)).fill(1)]),
    );
    const { outputs } = runStep(step, values);
    const expected = defineStep(step, values).outputs.dx ?? [];
    expect(distance(outputs.dx ?? [], expected)).toBe(0);
    expect(Array.from(expected).slice(0, 15)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });
});
