/**
 * Budgets for what a program downloads: each entry of scripts/size is bundled from the built packages, minified and
 * compressed. `node scripts/size.mjs` prints the table; `npm test` fails when a budget is exceeded.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bytes after gzip, 1 KB = 1000 bytes. Goals that are not reached yet are printed as such at every run; until they are, the
 * budget is what the program has, so that it does not grow unnoticed: docs/decisions/0008-bundle-size.md.
 */
const limits = {
  facade: { budget: 62_500, goal: 30_000 },
  portable: { budget: 38_500, goal: 15_000 },
  interpreter: { budget: 15_000, goal: 15_000 },
};

export async function checkSize() {
  const rows = [];
  for (const [name, limit] of Object.entries(limits))
    rows.push({ name, ...limit, bytes: await measure(name) });
  const output = rows.map(({ name, budget, goal, bytes }) => {
    const verdict = bytes <= budget ? "within" : "OVER";
    const missed = bytes <= goal ? "" : `; the GOAL of ${kilobytes(goal)} is MISSED`;
    return `${name.padEnd(12)} ${kilobytes(bytes)} gzip, ${verdict} the budget of ${kilobytes(budget)}${missed}`;
  });
  return { ok: rows.every(({ bytes, budget }) => bytes <= budget), output: output.join("\n") };
}

async function measure(name) {
  const result = await build({
    entryPoints: [join(root, "scripts/size", `${name}.ts`)],
    // The entries lie outside every package; internal/conformance depends on all of them.
    nodePaths: [join(root, "internal/conformance/node_modules")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return gzipSync(result.outputFiles[0].contents, { level: 9 }).length;
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ok, output } = await checkSize();
  console.log(output);
  process.exitCode = ok ? 0 : 1;
}
