import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("a bundle for browsers asks for no module of Node and stays small", async () => {
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const { outputFiles, warnings } = await build({
    entryPoints: [path("index.ts")],
    alias: { "@myelin/tensor": path("../../../tensor/src/index.ts") },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  const code = outputFiles[0]!.text;
  expect(warnings).toEqual([]);
  expect(code).not.toMatch(/\bimport\s*[{*("']|\bfrom\s*["']|\brequire\s*\(/);
  expect(code.length).toBeLessThan(8000);
});
