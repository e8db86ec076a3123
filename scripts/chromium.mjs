/** Finds a Chromium for the browser tests; as root on Debian it installs one when none is there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The path of a Chromium, installed if that is possible; null, with a loud notice, if there is none. */
export function ensureChromium() {
  if (findChromium() === null && canInstall()) install();
  const path = findChromium();
  if (path === null) {
    console.error("\n  !!! No Chromium found: the browser tests cannot run.");
    console.error("  !!! Install one (for example: apt-get install chromium) or set CHROMIUM_PATH.\n");
  }
  return path;
}

/** CHROMIUM_PATH if it names a file, else the first known name along PATH. */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && existsSync(given)) return given;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

function canInstall() {
  return process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
}

function install() {
  console.error("Installing Chromium for the browser tests ...");
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
  };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
}
