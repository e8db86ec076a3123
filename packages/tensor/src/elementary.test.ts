import { describe, expect, it } from "vitest";
import { complementaryErrorFunction } from "./complementary-error-function.js";
import { cosine, exponential, naturalLogarithm, sine } from "./elementary.js";
import { uniform } from "./random.js";

const points = (low: number, high: number) =>
  Array.from({ length: 4000 }, (_, i) => low + (high - low) * uniform(1, low, i));

describe("elementary functions agree with Math to a few units in the last place", () => {
  it("exponential", () => {
    for (const x of points(-700, 700)) expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(6e-16);
    expect([exponential(0), exponential(-800), exponential(800), exponential(Number.NaN)]).toEqual([
      1,
      0,
      Infinity,
      Number.NaN,
    ]);
    expect(exponential(-745)).toBe(Math.exp(-745));
  });

  it("naturalLogarithm", () => {
    for (const x of points(-300, 300).map((power) => 10 ** power)) {
      expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThanOrEqual(
        4e-16 * Math.max(1, Math.abs(Math.log(x))),
      );
    }
    expect([1, 0, -1, Infinity, Number.NaN].map(naturalLogarithm)).toEqual([
      0,
      -Infinity,
      Number.NaN,
      Infinity,
      Number.NaN,
    ]);
    expect(naturalLogarithm(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
  });

  it("sine and cosine", () => {
    for (const x of [...points(-10, 10), ...points(-1e6, 1e6)]) {
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(4e-16 + 1e-16 * Math.abs(x) * 1e-3);
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(4e-16 + 1e-16 * Math.abs(x) * 1e-3);
    }
  });
});

describe("complementaryErrorFunction", () => {
  // Tabulated values (Abramowitz and Stegun, tables 7.1 and 7.3, with more digits).
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [10, 2.088487583762545e-45],
    [-1, 1.842700792949715],
    [Infinity, 0],
    [-Infinity, 2],
  ])("erfc(%d) = %d", (x, expected) => {
    expect(Math.abs(complementaryErrorFunction(x) - expected)).toBeLessThanOrEqual(1e-13 * expected);
  });
});
