import { readFileSync } from "node:fs";
import type { Options } from "tsup";

type Manifest = { bin?: Record<string, string>; exports?: Record<string, string | { default: string }> };

/**
 * One bundle per entry of the package's own `exports` (or of `bin`, for programs): `./dist/mnist/index.js` is built from
 * `src/mnist/index.ts`. So a new subpath export needs no change here. Declarations are written by `tsc` afterwards.
 */
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const targets = [...Object.values(manifest.exports ?? {}), ...Object.values(manifest.bin ?? {})]
  .map((target) => (typeof target === "string" ? target : target.default))
  .filter((target) => target.endsWith(".js"));

const options: Options = {
  entry: Object.fromEntries(
    targets.map((target) => {
      const name = target.replace(/^\.\/dist\//, "").replace(/\.js$/, "");
      return [name, `src/${name}.ts`];
    }),
  ),
  format: "esm",
  target: "es2022",
  platform: "neutral",
  external: [/^node:/],
  removeNodeProtocol: false,
  clean: true,
  dts: false,
  silent: true,
};

export default options;
