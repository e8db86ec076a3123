/**
 * `npm test`: every stage runs, also after one has failed, and the last line sums them up. A check counts as one, the
 * tests of vitest count one by one. `npm test -- --only types,lint` runs some stages only.
 */
import { findChromium } from "./chromium.mjs";
import { checkInstalled } from "./runtimes.mjs";
import { checkSize } from "./size.mjs";
import { checkInstall } from "./verify/check-install.mjs";
import { checkPackages } from "./verify/check-packages.mjs";
import { command, commands } from "./verify/command.mjs";
import { runTests } from "./verify/run-tests.mjs";

const stages = {
  build: () => command("pnpm", ["run", "build"]),
  types: () =>
    commands([
      ["tsx", "scripts/examples.ts"],
      ["tsc", "-p", "."],
    ]),
  lint: () => commands([["biome", "check", "--error-on-warnings", "."], ["sherif"]]),
  packages: checkPackages,
  install: checkInstall,
  size: checkSize,
  runtimes: checkInstalled,
  vitest: () => runTests("vitest", ["--project", "!browser"]),
  browser: () => (findChromium() === null ? noBrowser() : runTests("browser", ["--project", "browser"])),
};

const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of selected()) {
  const start = performance.now();
  const result = await attempt(stages[name]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (result.output && (!result.ok || name === "size" || name === "browser"))
    console.log(result.output.trim());
  console.log(`${result.ok ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
  total.passed += result.passed ?? (result.ok ? 1 : 0);
  total.failed += result.failed ?? (result.ok ? 0 : 1);
  total.skipped += result.skipped ?? 0;
}
console.log(`${total.skipped} skipped`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function selected() {
  const position = process.argv.indexOf("--only");
  if (position < 0) return Object.keys(stages);
  const names = (process.argv[position + 1] ?? "").split(",");
  const unknown = names.filter((name) => !(name in stages));
  if (unknown.length === 0) return names;
  console.error(`no stage ${unknown.join(", ")}; the stages are ${Object.keys(stages).join(", ")}`);
  process.exit(1);
}

/** On CI the browser tests must run; elsewhere a machine without Chromium may leave them out, loudly. */
function noBrowser() {
  if (process.env.CI) return { ok: false, output: "No Chromium: the browser tests did not run." };
  return { ok: true, passed: 0, skipped: 1, output: "No Chromium: the browser tests are SKIPPED." };
}

/** A stage that throws has failed; the others still run. */
async function attempt(stage) {
  try {
    return await stage();
  } catch (error) {
    return { ok: false, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
