import { expect, test } from "vitest";
import { firstNotFinite } from "./first-not-finite.js";

test("finds the first number that is not finite, also in a part of an array", () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 4e38]) {
    for (let at = 0; at < 5; at++) {
      const numbers = Float32Array.from({ length: 5 }, (_, i) => (i < at ? -3e38 + i : wrong));
      expect(firstNotFinite(numbers)).toBe(at);
      expect(firstNotFinite(numbers.subarray(1))).toBe(Math.max(0, at - 1));
    }
  }
});

test("finds it in many numbers", () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const numbers = new Float32Array(300_003).fill(-3e38);
    expect(firstNotFinite(numbers)).toBe(-1);
    for (const at of [300_002, 200_001, 0]) {
      numbers[at] = wrong;
      expect(firstNotFinite(numbers)).toBe(at);
    }
  }
});

test("finds nothing in numbers that are finite", () => {
  expect(firstNotFinite(new Float32Array())).toBe(-1);
  expect(firstNotFinite(Float32Array.of(0, -0, 1e-45, 3.4028234e38, -3.4028234e38, 1))).toBe(-1);
});
