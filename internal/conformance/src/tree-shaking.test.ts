import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../../../packages", import.meta.url));

/** Other packages stay imports, as in what is published. */
const alone: BuildOptions = { bundle: true, format: "esm", external: ["@myelin/*"], tsconfigRaw: {} };

async function bundle(
  options: { entryPoints: string[] } | { stdin: { contents: string; resolveDir?: string } },
): Promise<string> {
  const { outputFiles } = await build<BuildOptions>({ ...alone, ...options, write: false });
  return outputFiles?.[0]?.text as string;
}

const hint =
  "code that a bundler must keep: a call of a function without /* @__NO_SIDE_EFFECTS__ */, or a member that is read " +
  "while the file loads (write Infinity, not Number.POSITIVE_INFINITY)";

/** The statements of a module, without imports of other packages, exports and comments. */
function statements(code: string): string {
  return code
    .replace(/^(import|export) \{[^}]*\}.*$/gm, "")
    .replace(/^\/\/.*$/gm, "")
    .trim();
}

describe("a program that uses nothing of a package carries nothing of its file", () => {
  it.each([["activations"], ["losses"], ["metrics"], ["optimizer"]])("%s", async (name) => {
    const published = await bundle({ entryPoints: [join(packages, name, "src/index.ts")] });
    expect(statements(published).length).toBeGreaterThan(2000);
    const unused = published.replace(/^export \{[^}]*\};$/gm, "");
    expect(statements(await bundle({ stdin: { contents: unused } })), hint).toBe("");
  });
});

describe("rewrites of windows come with the windows", () => {
  const programWith = (name: string) => {
    const contents = `import { ${name} } from "./tensor/src/index.ts"; console.log(${name});`;
    return bundle({ stdin: { contents, resolveDir: packages } });
  };

  it.each([
    ["slidingWindow", true],
    ["gradient", false],
    ["interpretGraph", false],
  ])("%s: %s", async (name, isCarried) => {
    const program = await programWith(name);
    expect(program.includes("asConvolution")).toBe(isCarried);
    expect(program.includes("depthwise")).toBe(isCarried);
  });
});
