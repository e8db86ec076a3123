import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("the code for threads shares no file of a bundle with the code that loads it", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../index.ts", import.meta.url))],
    external: ["@myelin/*"],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    outdir: "out",
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const inside = imports.filter(({ external }) => !external).map(({ kind }) => kind);
  expect(inside).toEqual(["dynamic-import"]);
});
