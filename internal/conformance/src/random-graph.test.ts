import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStep, randomValues } from "./random-graph.js";
import { defineStep, distance, leavesOf, runStep } from "./run-step.js";

const shape = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 0, maxLength: 3 });
const number = fc.nat(1000);
const choice = fc.record({ kind: number, a: number, b: number, c: number });

/** Rounding and the order of sums may differ; a graph of 25 operations magnifies that. */
const TOLERANCE = 2e-4;

function check(options: { fuse: boolean }, runs: number): void {
  fc.assert(
    fc.property(
      fc.array(shape, { minLength: 1, maxLength: 3 }),
      fc.array(choice, { maxLength: 25 }),
      number,
      (shapes, choices, seed) => {
        const step = randomStep(shapes, choices);
        const values = randomValues(leavesOf(step), seed);
        const expected = defineStep(step, values);
        const actual = runStep(step, values, options);
        for (const name of Object.keys(step.outputs)) {
          expect(distance(actual.outputs[name] ?? [], expected.outputs[name] ?? []), name).toBeLessThan(
            TOLERANCE,
          );
        }
        expected.assigned.forEach((values, i) => {
          expect(distance(actual.assigned[i] ?? [], values), `assignment ${i}`).toBeLessThan(TOLERANCE);
        });
      },
    ),
    { numRuns: runs, seed: 20_261_124 },
  );
}

describe("a random step computes what its graph means", () => {
  it("with fused kernels", () => check({ fuse: true }, 300), 60_000);
  it("with one kernel per operation", () => check({ fuse: false }, 100), 60_000);
});
