import { gradient, interpretGraph, parameter, type Tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { regularizers } from "./index.js";
import type { Regularizer } from "./regularizer.js";

const weights = parameter("weights", [2, 2]);
const values = new Map<Tensor, number[]>([[weights, [1, -2, 0, 3]]]);

function evaluate(regularizer: Regularizer): { penalty: number[]; slope: number[] } {
  const penalty = regularizer.penalty(weights);
  const [value, slope] = interpretGraph([penalty, gradient(penalty, weights)], { precision: "f64", values });
  return { penalty: [...(value as Float64Array)], slope: [...(slope as Float64Array)] };
}

describe("regularizers", () => {
  it("l1 sums magnitudes", () => {
    expect(evaluate(regularizers.l1(0.5))).toEqual({ penalty: [3], slope: [0.5, -0.5, 0, 0.5] });
  });

  it("l2 sums squares, without the half", () => {
    expect(evaluate(regularizers.l2(0.5))).toEqual({ penalty: [7], slope: [1, -2, 0, 3] });
  });

  it("l1l2 adds both", () => {
    expect(evaluate(regularizers.l1l2({ l1: 1, l2: 0.5 }))).toEqual({ penalty: [13], slope: [2, -3, 0, 4] });
  });

  it("refuse strengths that reward", () => {
    expect(() => regularizers.l2(-1)).toThrow("[l2] expected a finite strength of at least 0, received -1");
    expect(() => regularizers.l1l2({ l1: Number.NaN, l2: 0 })).toThrow("[l1]");
  });
});
