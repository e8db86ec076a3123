import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** One file, minified, for no platform in particular: what a user's bundler makes. */
async function bundle(): Promise<string> {
  const { outputFiles, warnings, metafile } = await build({
    entryPoints: [path("../testing/threads-in-a-process.ts")],
    alias: {
      "@myelin/tensor": path("../../../tensor/src/index.ts"),
      "@myelin/compiler": path("../../../compiler/src/index.ts"),
    },
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  expect(warnings).toEqual([]);
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  return outputFiles[0]?.text ?? "";
}

test("a bundle imports nothing, runs on threads there, and ends when its work is done", async () => {
  const code = await bundle();
  const folder = await mkdtemp(join(tmpdir(), "myelin-"));
  try {
    const file = join(folder, "program.mjs");
    await writeFile(file, code);
    // Sleeping workers must not keep it from ending: the call fails after the time given.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 8000 });
    expect([stdout, stderr]).toEqual(["together\n", ""]);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 15_000);
