/**
 * `npm run runtimes`: trains the same networks in every JavaScript runtime that can be had, and compares the bits. Fails when
 * one differs, when threads do not run where they could, and when a process does not end. `-- --only Bun,Firefox` runs some.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { browsers, visit } from "./runtimes/browsers.mjs";
import { names, obtain } from "./runtimes/released.mjs";
import { parse, runProgram } from "./runtimes/run-program.mjs";
import { serve } from "./runtimes/serve.mjs";
import { complaintsOf, rowOf, tableOf } from "./runtimes/table.mjs";
import { root } from "./verify/packages.mjs";

/** Seconds that a run may take; an emulated processor is slow. */
const PATIENCE = 300;

const folder = join(root, ".runtimes", "program");
const position = process.argv.indexOf("--only");
const wanted = position < 0 ? undefined : (process.argv[position + 1] ?? "").split(",");
const isWanted = (name) => wanted === undefined || wanted.some((word) => name.startsWith(word));

await bundle();
const results = [];
for (const name of names.filter(isWanted)) await record(name, true, () => inProcess(name));
const server = await serve(folder);
for (const [name, browser] of Object.entries(browsers).filter(([name]) => isWanted(name)))
  for (const place of placesOf(name))
    await record(`${name}, ${place.name}`, place.shares, () => inBrowser(browser, place));
server.close();

console.log(`\n${tableOf(results)}`);
const complaints = complaintsOf(results);
console.log(complaints.length === 0 ? "\nThe same everywhere." : `\n${complaints.join("\n")}`);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** The built packages and the program as one bundle for no platform in particular, as users' bundlers make it. */
async function bundle() {
  await build({
    entryPoints: [join(root, "scripts/runtimes/program/main.ts")],
    nodePaths: [join(root, "internal/conformance/node_modules")],
    absWorkingDir: root,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  });
}

async function record(name, shares, run) {
  const result = { name, shares, ...(await run()) };
  results.push(result);
  console.log(rowOf(result, results[0]));
}

/** All sections, then the two ways for a worker to die. */
async function inProcess(name) {
  const { command, missing } = await obtain(name);
  if (missing) return { missing };
  const run = (...args) => runProgram(command, [join(folder, "main.mjs"), ...args], PATIENCE);
  const all = await run();
  if (all.problem) return all;
  return { ...all, deaths: [await run("trap"), await run("vanish")] };
}

/** Threads need a page that is isolated from others, and workers that are made from text. */
function placesOf(name) {
  const places = [
    { name: "page", page: "page", kind: "isolated", shares: true },
    { name: "worker", page: "worker", kind: "isolated", shares: true },
    { name: "not isolated", page: "page", kind: "open", shares: false },
    { name: "no blob workers", page: "page", kind: "strict", shares: false },
  ];
  if (name !== "WebKit") return places;
  // WebKitGTK says that a page is isolated, and yet has no SharedArrayBuffer unless the engine is told to.
  const env = { JSC_useSharedArrayBuffer: "1" };
  return places.flatMap((place) =>
    place.shares
      ? [
          { ...place, shares: false },
          { ...place, env, name: `${place.name}, shared memory` },
        ]
      : [place],
  );
}

async function inBrowser({ command, env, get }, place) {
  if (command("") === undefined) return { missing: get };
  const run = async (query) => {
    const url = server.url(place.kind, place.page, query);
    const report = parse(
      await visit({ command, env: { ...env, ...place.env } }, url, server.report(), PATIENCE),
    );
    return report ? { report } : { problem: `no report within ${PATIENCE} s` };
  };
  const all = await run();
  if (all.problem || !place.shares) return all;
  return { ...all, deaths: [await run("trap"), await run("vanish")] };
}
