import { input, interpretGraph, random, type Tensor, tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { dropout } from "./index.js";

const x = input("x", [40, 50]);

function apply(rate: number, training: boolean, step = 0): { y: Tensor; draws: number } {
  let draws = 0;
  const y = dropout(rate).forward({
    input: x,
    parameters: {},
    training,
    random: (shape) => {
      draws++;
      return random(tensor([1, step, 0], "i32"), shape, 7);
    },
    update: () => {},
    addPenalty: () => {},
  });
  return { y, draws };
}

const valuesOf = (y: Tensor, fill = 2): number[] => [
  ...(interpretGraph([y], {
    precision: "f32",
    values: new Map([[x, new Array<number>(2000).fill(fill)]]),
  })[0] as Float64Array),
];

describe("dropout", () => {
  it("is the identity outside of training and at rate 0", () => {
    expect(apply(0.5, false)).toEqual({ y: x, draws: 0 });
    expect(apply(0, true)).toEqual({ y: x, draws: 0 });
  });

  it("drops the given part and scales the rest", () => {
    const values = valuesOf(apply(0.2, true).y);
    expect(new Set(values)).toEqual(new Set([0, 2.5]));
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(Math.abs(dropped - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / values.length));
  });

  it("drops infinities and NaN too", () => {
    expect(valuesOf(apply(0.5, true).y, Number.POSITIVE_INFINITY).filter(Number.isNaN)).toEqual([]);
  });

  it("drops others in the next step", () => {
    expect(valuesOf(apply(0.5, true, 0).y)).not.toEqual(valuesOf(apply(0.5, true, 1).y));
  });

  it("refuses rates that leave nothing, or make no sense", () => {
    for (const rate of [1, -0.1, Number.NaN, "0.5", null, undefined, [0.5], true, {}]) {
      expect(() => dropout(rate as never)).toThrow("[dropout] expected a rate of at least 0 and below 1");
    }
  });
});
