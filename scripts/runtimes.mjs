/**
 * `npm run runtimes`: trains the same networks in every JavaScript runtime that can be had, and compares the bits. Fails when
 * one differs, when threads do not run where they could, and when a process does not end. `-- --only Bun,Firefox` runs some.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { browsers, visit } from "./runtimes/browsers.mjs";
import { names, obtain } from "./runtimes/released.mjs";
import { parse, runProgram } from "./runtimes/run-program.mjs";
import { serve } from "./runtimes/serve.mjs";
import { complaintsOf, referenceOf, rowOf, tableOf } from "./runtimes/table.mjs";
import { root } from "./verify/root.mjs";

/** Seconds that a run may take; an emulated processor is slow. */
const PATIENCE = 300;

const folder = join(root, ".runtimes", "program");

/** This Node and what is installed, without deaths: a check of `npm test`. */
export async function checkInstalled() {
  await bundle();
  const node = await runProgram([process.execPath], [join(folder, "main.mjs")], PATIENCE);
  const results = [{ name: "this Node", shares: true, ...node }];
  const server = await serve(folder);
  for (const [name, browser] of Object.entries(browsers)) {
    const [place] = placesOf(name);
    if (browser.command("") === undefined) continue;
    results.push({ name, shares: place.shares, ...(await inBrowser(server, browser, place, false)) });
  }
  server.close();
  const complaints = complaintsOf(results);
  return { ok: complaints.length === 0, output: complaints.join("\n") };
}

async function checkAll(wanted) {
  await bundle();
  const results = [];
  const record = async (name, shares, run) => {
    results.push({ name, shares, ...(await run()) });
    console.log(rowOf(results.at(-1), referenceOf(results)));
  };
  for (const name of names.filter(wanted)) await record(name, true, () => inProcess(name));
  const server = await serve(folder);
  for (const [name, browser] of Object.entries(browsers).filter(([name]) => wanted(name)))
    for (const place of placesOf(name))
      await record(`${name}, ${place.name}`, place.shares, () =>
        inBrowser(server, browser, place, place.shares),
      );
  server.close();
  const complaints = complaintsOf(results);
  console.log(`\n${tableOf(results)}\n\n${complaints.join("\n") || "The same everywhere."}`);
  return complaints.length === 0;
}

/** The built packages and the program as one bundle for no platform in particular, as users' bundlers make it. */
async function bundle() {
  await build({
    entryPoints: [join(root, "scripts/runtimes/program/main.ts")],
    nodePaths: [join(root, "internal/conformance/node_modules")],
    absWorkingDir: root,
    // Without the paths of tsconfig.json, which lead to the sources.
    tsconfigRaw: {},
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

async function inBrowser(server, { command, env, get }, place, dying) {
  if (command("") === undefined) return { missing: get };
  const run = async (query) => {
    const url = server.url(place.kind, place.page, query);
    const options = { command, env: { ...env, ...place.env } };
    const report = parse(await visit(options, url, server.report(), PATIENCE));
    return report ? { report } : { problem: `no report within ${PATIENCE} s` };
  };
  const all = await run();
  if (all.problem || !dying) return all;
  return { ...all, deaths: [await run("trap"), await run("vanish")] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const position = process.argv.indexOf("--only");
  const words = position < 0 ? [""] : (process.argv[position + 1] ?? "").split(",");
  const same = await checkAll((name) => words.some((word) => name.startsWith(word)));
  process.exitCode = same ? 0 : 1;
}
