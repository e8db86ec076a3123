/** Browsers that are installed, and how each opens a page without a window, with a profile that is thrown away. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const browsers = [
  {
    name: "Chromium",
    commands: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    package: "chromium",
    open: (profile, url) => [
      "--headless=new",
      "--no-sandbox",
      "--no-first-run",
      "--disable-background-networking",
      `--user-data-dir=${profile}`,
      url,
    ],
  },
  {
    name: "Firefox",
    commands: ["firefox", "firefox-esr"],
    package: "firefox-esr",
    open: (profile, url) => ["--headless", "--no-remote", "--profile", profile, url],
  },
];

/** Opens a page until `report` is there; undefined if it does not come in time. */
export async function visit({ path, open, env = {} }, url, report, seconds = 180) {
  const profile = mkdtempSync(join(tmpdir(), "myelin-profile-"));
  // In a group of its own, because browsers are many processes.
  const [command, ...args] = [...path, ...open(profile, url)];
  const child = spawn(command, args, {
    detached: true,
    stdio: "ignore",
    env: { ...process.env, HOME: profile, ...env },
  });
  const gone = new Promise((resolve) => child.on("error", resolve));
  const late = new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref());
  try {
    return await Promise.race([report, gone.then(() => undefined), late.then(() => undefined)]);
  } finally {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 300));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
