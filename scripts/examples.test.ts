import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./vitest/workspace.ts";

// A folder whose name begins with a dot is left out by compilers unless its files are named.
test("examples of the docs are among what is type-checked", () => {
  const compiler = join(root, "node_modules/typescript-7/bin/tsc");
  const files = execFileSync(process.execPath, [compiler, "-p", root, "--listFilesOnly"], {
    encoding: "utf8",
  });
  expect(files).toMatch(/\.examples[/\\]README-\d+\.ts/);
  expect(files).toMatch(/\.examples[/\\]docs-training-\d+\.ts/);
}, 60_000);
