import { expect, test } from "vitest";
import type { Measured, Result } from "./measure.js";
import { printWorkload } from "./table.js";
import { selectWorkloads } from "./workloads.js";

function result(contender: string, median: number, rest: Partial<Result> = {}): Result {
  const seconds = { median, low: median * 0.9, high: median * 1.1 };
  return {
    contender,
    seconds,
    rounds: 7,
    stepsPerRound: 10,
    proof: 0.5,
    agrees: true,
    last: 0.1,
    differs: undefined,
    ...rest,
  };
}

const peak = 50e9;

test("a table of a training step", () => {
  const measured: Measured = {
    workload: selectWorkloads(["W1"])[0]!,
    peak,
    results: [
      result("myelin", 2.5e-7),
      result("other", 1.2e-3, { agrees: false, proof: 0.7 }),
      result("third", 2, { agrees: undefined, differs: "does something else" }),
    ],
    failures: [{ contender: "fourth", failure: "no\nstack" }],
  };
  expect(printWorkload(measured).join("\n")).toMatchInlineSnapshot(`
    "## W1: xor 2-8-1, tanh, SGD, batch 4

    One core at its peak of 50.0 GFLOP/s: 0.00896 µs.

    | | one step | quartiles | rows a second | relative | peak | proof | last loss |
    |---|--:|--:|--:|--:|--:|--:|--:|
    | myelin | 0.250 µs | 0.225 µs to 0.275 µs | 16,000,000 | 1.0x | 4 % | 0.500000 ✓ | 0.1000 |
    | other | 1.20 ms | 1.08 ms to 1.32 ms | 3,330 | 4,800x | 0.0007 % | 0.700000 ✗ | 0.1000 |
    | third | 2.00 s | 1.80 s to 2.20 s | 2 | 8,000,000x | 4e-7 % | 0.500000 | 0.1000 |

    third: does something else.

    fourth failed: no
    "
  `);
});

test("products are given in GFLOP/s", () => {
  const measured: Measured = {
    workload: selectWorkloads(["W8-512"])[0]!,
    peak,
    results: [result("myelin", 5.368e-3)],
    failures: [],
  };
  expect(printWorkload(measured).join("\n")).toContain("| 50.0 | 1.0x | 100 % |");
});
