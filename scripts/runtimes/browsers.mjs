/** Browsers that may be installed, and how each opens a page without a window. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findChromium } from "../chromium.mjs";

const chromiumFlags = ["--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking"];

/** `command(profile)` is what the address is appended to; undefined if the browser is not there. `get` says how to get it. */
export const browsers = {
  Chromium: {
    get: "apt-get install chromium, or CHROMIUM_PATH",
    command: (profile) => withPath(findChromium(), [...chromiumFlags, `--user-data-dir=${profile}`]),
  },
  Firefox: {
    get: "apt-get install firefox-esr",
    command: (profile) =>
      withPath(onPath("firefox") ?? onPath("firefox-esr"), [
        "--headless",
        "--no-remote",
        "--profile",
        profile,
      ]),
  },
  /** The engine of Safari, in the browser that its Linux version is tested with. */
  WebKit: {
    get: "apt-get install libwebkit2gtk-4.1-0 webkit2gtk-driver xvfb",
    // It always wants a window; this one is on no screen.
    command: () => miniBrowser() && withPath(onPath("xvfb-run"), ["-a", miniBrowser()]),
    env: { WEBKIT_DISABLE_COMPOSITING_MODE: "1" },
  },
};

/** Opens a page until `report` is there; undefined if it does not come in time. */
export async function visit({ command, env }, url, report, seconds) {
  const profile = mkdtempSync(join(tmpdir(), "myelin-profile-"));
  const [file, ...args] = [...command(profile), url];
  const environment = { ...process.env, ...env, HOME: profile };
  // In a group of its own, because browsers are many processes.
  const child = spawn(file, args, { detached: true, stdio: "ignore", env: environment });
  const failed = new Promise((resolve) => {
    child.on("error", () => resolve(undefined));
  });
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  try {
    return await Promise.race([report, failed, late]);
  } finally {
    clearTimeout(timer);
    end(child);
    await new Promise((resolve) => setTimeout(resolve, 300));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function end({ pid }) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

export function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

function withPath(path, args) {
  return path ? [path, ...args] : undefined;
}

/** Debian keeps it beside the library, in a folder named after the processor. */
function miniBrowser() {
  const libraries = "/usr/lib";
  const folders = existsSync(libraries) ? readdirSync(libraries) : [];
  return folders.map((folder) => join(libraries, folder, "webkit2gtk-4.1", "MiniBrowser")).find(existsSync);
}
