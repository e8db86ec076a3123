import { expect, test } from "vitest";
import { climb, printLadder } from "./climb.js";
import { rungs } from "./rungs.js";

test("every rung computes the same product", () => {
  const steps = climb([16], 1, 0.001);
  expect(steps.map(({ rung }) => rung)).toEqual(rungs);
  for (const { error, seconds } of steps) {
    expect(error).toBeLessThanOrEqual(1);
    expect(seconds.median).toBeGreaterThan(0);
  }
  expect(printLadder(steps)).toMatch(/\| arrays of arrays \| [\d.]+ \|/);
});
