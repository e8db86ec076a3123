import { expect, test } from "vitest";
import { complaintsOf, type Result, tableOf } from "./table.mjs";

const ran = (name: string, changes: Partial<Result["report"]> = {}, rest: Partial<Result> = {}): Result => ({
  name,
  shares: true,
  report: {
    sections: { data: "1", dense: "2" },
    calls: 3,
    fused: true,
    agent: "",
    version: "1.2.3",
    ...changes,
  },
  ...rest,
});

test("equal fingerprints, shared calls and errors for dead workers are right", () => {
  const deaths = ["ThreadError after 0 s", "no error after 4 s"].map((death) => ({ report: { death } }));
  const alone = ran("alone", { calls: 0 }, { shares: false });
  const results = [
    { name: "none", missing: "install it" },
    ran("first"),
    ran("second", {}, { deaths }),
    alone,
  ];
  expect(complaintsOf(results)).toEqual([]);
  expect(tableOf(results)).toMatchInlineSnapshot(`
    "| runtime | version | sections equal | threads | a worker traps | a worker vanishes | relaxed SIMD |
    | --- | --- | --- | --- | --- | --- | --- |
    | none | skipped: install it |  |  |  |  |  |
    | first | 1.2.3 | 2 of 2 | 2 |  |  | yes |
    | second | 1.2.3 | 2 of 2 | 2 | ThreadError after 0 s | no error after 4 s | yes |
    | alone | 1.2.3 | 2 of 2 | 1 |  |  | yes |"
  `);
});

test("what differs, hangs, runs alone or dies otherwise is named", () => {
  const deaths = [{ report: { death: "RangeError after 0 s" } }, { problem: "did not end within 9 s" }];
  const results = [
    ran("first"),
    ran("other bits", { sections: { data: "1", dense: "3" } }),
    ran("fewer sections", { sections: { data: "1" } }),
    ran("alone", { calls: 0 }),
    { name: "hangs", problem: "did not end within 9 s" },
    ran("dies", {}, { deaths }),
  ];
  expect(complaintsOf(results)).toMatchInlineSnapshot(`
    [
      "other bits: dense is 3, not 2",
      "fewer sections: dense is undefined, not 2",
      "alone: 0 calls were shared by threads",
      "hangs: did not end within 9 s",
      "dies: {"report":{"death":"RangeError after 0 s"}}",
      "dies: {"problem":"did not end within 9 s"}",
    ]
  `);
  expect(tableOf(results)).toContain("| other bits | 1.2.3 | 1 of 2 |");
});

test("a section that fails everywhere is no equality", () => {
  const sections = { data: "failed: RangeError" };
  expect(complaintsOf([ran("first", { sections })])).toHaveLength(1);
});

test("no runtime at all is a complaint", () => {
  expect(complaintsOf([{ name: "first", missing: "install it" }])).toEqual(["all: no runtime ran"]);
});
