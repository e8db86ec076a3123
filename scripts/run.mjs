/**
 * The door of the repository: `node scripts/run.mjs <script>` makes sure that the pinned pnpm and all dependencies are
 * there, then runs that script of package.json. It needs nothing but Node and npm, installs nothing outside the
 * repository, and works offline after the first run. Without a script it only sets up.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium } from "./chromium.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const environment = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  DO_NOT_TRACK: "1",
};

const [script, ...rest] = process.argv.slice(2);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node.js 20.19 or newer is needed, this is ${process.version}`);
}
install();
if (script === "verify" && runsBrowserTests()) environment.CHROMIUM_PATH = ensureChromium() ?? "";
if (script !== undefined) pnpm("run", "--silent", script, ...rest);

function fail(message) {
  console.error(`\n  ${message}\n`);
  // Whoever reads the last line of `npm test` must see a failure also when nothing could run.
  if (script === "verify") console.log("0 skipped\n0 passed, 1 failed");
  process.exit(1);
}

function runsBrowserTests() {
  const only = rest.indexOf("--only");
  return only < 0 || rest[only + 1]?.includes("browser");
}

function start(command, args) {
  return spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}

/** The first run takes the pinned pnpm through npx; later runs take the copy in node_modules, without network. */
function pnpm(...args) {
  const local = join(root, "node_modules", "pnpm", "bin", "pnpm.cjs");
  const result = existsSync(local)
    ? start(process.execPath, [local, ...args])
    : start("npx", ["--yes", `pnpm@${pinnedVersion()}`, ...args]);
  if (result.error) fail(`could not start pnpm: ${result.error.message}`);
  if (result.status === 0) return;
  if (args[0] === "install") fail("pnpm could not install the dependencies");
  process.exit(result.status ?? 1);
}

function pinnedVersion() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return manifest.packageManager.match(/^pnpm@([^+]+)/)[1];
}

/** Installs only if the lockfile or the machine changed since the last install. */
function install() {
  const stamp = join(root, "node_modules", ".setup-stamp");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .update(process.version + process.platform + process.arch)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  pnpm("install", "--frozen-lockfile");
  writeFileSync(stamp, wanted);
}
