import { describe, expect, it } from "vitest";
import { constantRate, cosineDecay, exponentialDecay, piecewiseRate, stepDecay, warmUp } from "../index.js";

describe("schedules", () => {
  it("keep a constant rate", () => {
    expect([0, 10].map((step) => constantRate(0.1).rate(step))).toEqual([0.1, 0.1]);
  });

  it("drop in steps", () => {
    const { rate } = stepDecay({ initialRate: 1, every: 3, factor: 0.5 });
    expect([0, 2, 3, 5, 6].map(rate)).toEqual([1, 1, 0.5, 0.5, 0.25]);
  });

  it("decay exponentially", () => {
    const { rate } = exponentialDecay({ initialRate: 2, factor: 0.25, every: 2 });
    [2, 1, 0.5, 0.25].forEach((expected, step) => {
      expect(rate(step)).toBeCloseTo(expected, 14);
    });
  });

  it("follow half a cosine and stay, or restart", () => {
    const { rate } = cosineDecay({ initialRate: 1, finalRate: 0.2, steps: 4 });
    expect(rate(0)).toBe(1);
    expect(rate(2)).toBeCloseTo(0.6, 14);
    expect(rate(4)).toBeCloseTo(0.2, 14);
    expect(rate(100)).toBeCloseTo(0.2, 14);
    expect(cosineDecay({ initialRate: 1, steps: 4, restarts: true }).rate(8)).toBe(1);
  });

  it("are given piece by piece", () => {
    const { rate } = piecewiseRate({ boundaries: [2, 5], rates: [3, 2, 1] });
    expect([0, 1, 2, 4, 5, 99].map(rate)).toEqual([3, 3, 2, 2, 1, 1]);
    expect(() => piecewiseRate({ boundaries: [2], rates: [1] })).toThrow("one rate more than boundaries");
  });

  it("warm up in a straight line, then start counting", () => {
    const { rate } = warmUp({ steps: 4, followedBy: stepDecay({ initialRate: 8, every: 2, factor: 0.5 }) });
    expect([0, 1, 2, 3, 4, 5, 6].map(rate)).toEqual([2, 4, 6, 8, 8, 8, 4]);
    expect(warmUp({ steps: 2, followedBy: 1 }).rate(0)).toBe(0.5);
  });

  it("refuse steps that are no whole number", () => {
    expect(() => stepDecay({ initialRate: 1, every: 0 })).toThrow(
      "[stepDecay] expected every as a whole number",
    );
  });
});
