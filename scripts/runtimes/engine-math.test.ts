import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../vitest/workspace.ts";

/** Whatever of Math is not exactly defined by the language: engines round it as they like. */
const loose =
  /Math\.(exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot|a?(sin|cos|tan)h?|atan2)\b|[\w)\]] \*\* (?!-?\d+\b)/;

const folder = join(root, "packages");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^/\\]+[/\\]src[/\\].*\.ts$/.test(path) && !/\.test(-d)?\.ts$/.test(path))
  .filter((path) => !path.includes("testing"));

test("no result depends on functions that engines round as they like", () => {
  const found = sources.flatMap((path) =>
    readFileSync(join(folder, path), "utf8")
      .split("\n")
      // References are what tests compare with; in comments formulas are formulas.
      .filter((line) => loose.test(line) && !/^\s*(\*|\/\*|\/\/|reference:)/.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(sources.length).toBeGreaterThan(200);
  expect(found).toEqual([]);
});
