import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export interface ProcessResult {
  /** What it printed. */
  readonly output: string;
  /** What the bundle imports or warns about; nothing, if it runs everywhere. */
  readonly complaints: readonly unknown[];
}

/**
 * Bundles a program of this folder into one file for no platform in particular, minified, as users' bundlers do, and runs it
 * in a process of Node. Fails when the process has not ended by itself after 8 seconds.
 */
export async function runProcess(program: string, flags: readonly string[] = []): Promise<ProcessResult> {
  const { outputFiles, warnings, metafile } = await build({
    entryPoints: [path(program)],
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
  const folder = await mkdtemp(join(tmpdir(), "myelin-"));
  try {
    const file = join(folder, "program.mjs");
    await writeFile(file, outputFiles[0]?.text ?? "");
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, file], {
      timeout: 8000,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    return { output: stdout + stderr, complaints: [...warnings, ...imports] };
  } finally {
    await rm(folder, { recursive: true });
  }
}
