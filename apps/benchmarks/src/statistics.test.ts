import { expect, test } from "vitest";
import { summarize } from "./statistics.js";

test("median and quartiles, between values where need be", () => {
  expect(summarize([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 2, high: 4 });
  expect(summarize([1, 2, 3, 4])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
  expect(summarize([7])).toEqual({ median: 7, low: 7, high: 7 });
});
