import { ArgumentError } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import {
  conv2d,
  defineLayer,
  dense,
  flatten,
  initializers,
  prelu,
  regularizers,
  sequential,
} from "./index.js";

describe("options that are no initializers or regularizers", () => {
  it.each([
    [{ kernelInitializer: "heNormal" }, 'a value such as zeros as kernelInitializer, received "heNormal".'],
    [{ biasInitializer: { king: "zeros" } }, "a value such as zeros as biasInitializer, received an Object."],
    [
      { kernelInitializer: initializers.constant },
      "a value such as zeros as kernelInitializer, received the function constant. Call it: constant(..).",
    ],
    [{ kernelRegularizer: "l2" }, 'a value such as l2(0.01) as kernelRegularizer, received "l2".'],
    [{ biasRegularizer: 0.01 }, "a value such as l2(0.01) as biasRegularizer, received 0.01."],
    [
      { kernelRegularizer: regularizers.l2 },
      "a value such as l2(0.01) as kernelRegularizer, received the function l2. Call it: l2(..).",
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

it.each([[null], ["no"], [0], [1]])("refuses %o as useBias", (useBias) => {
  expect(() => dense(2, { useBias: useBias as never })).toThrow("[dense] expected a boolean as useBias");
});

describe("trainable", () => {
  it.each([["no"], [0], [null]])("is no %o", (wrong) => {
    const options = { trainable: wrong as never };
    const layers = {
      dense: () => dense(2, options),
      flatten: () => flatten(options),
      prelu: () => prelu(options),
      mine: () => defineLayer({ kind: "mine", options, forward: ({ input }) => input }),
      sequential: () => sequential({ inputShape: [2], ...options }),
    };
    for (const [name, make] of Object.entries(layers))
      expect(make).toThrow(`[${name}] expected a boolean as trainable, received`);
  });
});

it("strengths are numbers", () => {
  const wrong = ["0.1", null, undefined, [1], true, -1, Number.NaN, Number.POSITIVE_INFINITY] as never[];
  for (const strength of wrong)
    for (const make of [regularizers.l1, regularizers.l2])
      expect(() => make(strength)).toThrow("expected a finite strength of at least 0, received");
});
