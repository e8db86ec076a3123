/**
 * Budgets for what a program downloads: each entry of scripts/size is bundled from the built packages, split into chunks where
 * packages import on demand, minified and compressed. What counts are the chunks that are loaded with the program; that it needs
 * no others is proven by running it with those alone. `node scripts/size.mjs` prints the table; `npm test` fails when a
 * budget is exceeded.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bytes after gzip, 1 KB = 1000 bytes. Goals that are not reached yet are printed as such at every run; until they are, the
 * budget is what the program has, so that it does not grow unnoticed: docs/decisions/0008-bundle-size.md.
 */
const limits = {
  facade: { budget: 48_650, goal: 30_000 },
  portable: { budget: 32_500, goal: 15_000 },
  interpreter: { budget: 11_500, goal: 15_000 },
};

export async function checkSize() {
  const rows = await Promise.all(
    Object.entries(limits).map(async ([name, limit]) => ({ name, ...limit, ...(await measure(name)) })),
  );
  const output = rows.map(({ name, budget, goal, bytes, trains }) => {
    const verdict = bytes <= budget ? "within" : "OVER";
    const missed = bytes <= goal ? "" : `; the GOAL of ${kilobytes(goal)} is MISSED`;
    const broken = trains ? "" : "; it does NOT TRAIN with what was counted";
    return `${name.padEnd(12)} ${kilobytes(bytes)} gzip, ${verdict} the budget of ${kilobytes(budget)}${missed}${broken}`;
  });
  return {
    ok: rows.every(({ bytes, budget, trains }) => trains && bytes <= budget),
    output: output.join("\n"),
  };
}

async function measure(name) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, "scripts/size", `${name}.ts`)],
    // The entries lie outside every package; internal/conformance depends on all of them.
    nodePaths: [join(root, "internal/conformance/node_modules")],
    absWorkingDir: root,
    // Without the paths of tsconfig.json, which lead to the sources.
    tsconfigRaw: {},
    outdir: join(root, ".size"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const loaded = loadedWith(`.size/${name}.js`, metafile.outputs);
  const files = outputFiles.filter(({ path }) => loaded.has(`.size/${basename(path)}`));
  const bytes = files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  return { bytes, trains: await trains(name, files) };
}

/** An output and all that it imports before it runs. */
function loadedWith(path, outputs, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { path: next, kind } of outputs[path].imports)
    if (kind === "import-statement") loadedWith(next, outputs, seen);
  return seen;
}

/** Runs these files and nothing else: the program has to post predictions of exclusive or. */
async function trains(name, files) {
  const folder = await mkdtemp(join(tmpdir(), "myelin-size-"));
  try {
    await Promise.all(files.map(({ path, contents }) => writeFile(join(folder, basename(path)), contents)));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    const print = "globalThis.postMessage = (message) => console.log(JSON.stringify(message));";
    const script = `${print} await import("./${name}.js");`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      { cwd: folder, timeout: 60_000 },
    );
    const outputs = Object.values(JSON.parse(stdout)).flat(3);
    return outputs.length === 4 && outputs.every((output, row) => Math.round(output) === [0, 1, 1, 0][row]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(2)} KB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ok, output } = await checkSize();
  console.log(output);
  process.exitCode = ok ? 0 : 1;
}
