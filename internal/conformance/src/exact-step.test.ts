import type { CompileOptions } from "@myelin/compiler";
import type { Tensor, Values } from "@myelin/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactStep, wholeNumbers } from "./exact-step.js";
import { defineStep, leavesOf, runStep, type StepResult } from "./run-step.js";

const choice = fc.array(fc.nat(5039), { minLength: 16, maxLength: 16 });

function check(options: CompileOptions, runs: number): void {
  fc.assert(
    fc.property(
      fc.array(choice, { minLength: 1, maxLength: 5 }),
      fc.array(choice, { maxLength: 16 }),
      choice,
      fc.nat(1000),
      (leaves, choices, end, seed) => {
        const step = exactStep(leaves, choices, end);
        let values: ReadonlyMap<Tensor, Values> = wholeNumbers(leavesOf(step), seed);
        // The second time, assigned parameters hold what the first step made of them.
        for (let round = 0; round < 2; round++) {
          const expected = defineStep(step, values);
          // Numbers that are too large for f32 are rounded, in an order that nobody promises.
          fc.pre(same(expected, defineStep(step, values, "f64")) === undefined);
          expect(same(runStep(step, values, options), expected)).toBeUndefined();
          values = new Map([
            ...values,
            ...step.assignments.map(
              ({ inputs }, i) => [inputs[0] as Tensor, expected.assigned[i] as Values] as const,
            ),
          ]);
        }
      },
    ),
    { numRuns: runs, seed: 20_261_129 },
  );
}

/** Where two results differ. A zero has no sign. */
function same(actual: StepResult, expected: StepResult): string | undefined {
  const all = ({ outputs, assigned }: StepResult) => [...Object.values(outputs), ...assigned];
  const names = Object.keys(expected.outputs);
  for (const [i, numbers] of all(expected).entries()) {
    const found = all(actual)[i] as Values;
    const at = Array.from(numbers).findIndex((number, k) => number !== found[k]);
    if (found.length !== numbers.length || at >= 0)
      return `${names[i] ?? `assignment ${i - names.length}`}: ${found[at]}, not ${numbers[at]}, at ${at}`;
  }
  return undefined;
}

describe("a random step over small whole numbers is exact", () => {
  it("with fused kernels", () => check({}, 250), 60_000);
  it("with one kernel per operation", () => check({ fuse: false }, 60), 60_000);
  it("without rewrites", () => check({ rewrite: false }, 60), 60_000);
});
