import { ArgumentError } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { conv2d, dense, initializers, prelu, regularizers } from "./index.js";

describe("options that are no initializers or regularizers", () => {
  it.each([
    [{ kernelInitializer: "heNormal" }, 'a kernelInitializer such as zeros, received "heNormal".'],
    [{ biasInitializer: { king: "zeros" } }, "a biasInitializer such as zeros, received a Object."],
    [
      { kernelInitializer: initializers.constant },
      "a kernelInitializer such as zeros, received the function constant. Call it: constant(..).",
    ],
    [{ kernelRegularizer: "l2" }, 'a kernelRegularizer such as l2(0.01), received "l2".'],
    [{ biasRegularizer: 0.01 }, "a biasRegularizer such as l2(0.01), received 0.01."],
    [
      { kernelRegularizer: regularizers.l2 },
      "a kernelRegularizer such as l2(0.01), received the function l2. Call it: l2(..).",
    ],
  ])("%o are refused before a step would need them", (options, message) => {
    expect(() => dense(2, options as never)).toThrow(`[dense] expected ${message}`);
    expect(() => conv2d(2, 3, options as never)).toThrow(`[conv2d] expected ${message}`);
  });

  it("are factories that need no arguments", () => {
    const leakyRelu = (_options = {}) => ({});
    expect(() => dense(2, { activation: leakyRelu as never })).toThrow("Call it: leakyRelu(..).");
  });

  it("are refused by prelu", () => {
    expect(() => prelu({ alphaInitializer: "zeros" as never })).toThrow(ArgumentError);
    expect(() => prelu({ alphaRegularizer: "l1" as never })).toThrow(ArgumentError);
  });
});

it("has a bias where useBias is null, as where it is not given", () => {
  const { config, parameters } = dense(2, { useBias: null as never });
  expect(config).toEqual(dense(2).config);
  expect(Object.keys(parameters([3]))).toEqual(["kernel", "bias"]);
});
