import { expect, test } from "vitest";
import { firstNotFinite } from "./first-not-finite.js";

test("finds the first number that is not finite, wherever it is", () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (let length = 1; length < 12; length++) {
      for (let at = 0; at < length; at++) {
        const numbers = Float32Array.from({ length }, (_, i) => (i === at ? wrong : -3e38 + i));
        expect(firstNotFinite(numbers)).toBe(at);
        expect(firstNotFinite([...numbers])).toBe(at);
        numbers[length - 1] = wrong;
        expect(firstNotFinite(numbers)).toBe(at);
      }
    }
  }
});

test("finds nothing in numbers that are", () => {
  expect(firstNotFinite([])).toBe(-1);
  expect(firstNotFinite(new Float32Array(1001).fill(3e38))).toBe(-1);
  expect(firstNotFinite([-0, 1e-45, -1e308])).toBe(-1);
});
