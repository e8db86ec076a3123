import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./root.mjs";

/** Without a terminal, or on CI, nothing prints colours or rewrites lines. */
const plain = Boolean(process.env.CI) || !process.stdout.isTTY;

const { FORCE_COLOR: _, ...inherited } = process.env;
const environment = {
  ...(plain ? inherited : process.env),
  ...(plain ? { NO_COLOR: "1" } : {}),
  PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
};

/** Runs a command of node_modules/.bin or PATH. Its output is returned, or shown at once with `show`. */
export function command(name, args, { cwd = root, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(name, args, {
      cwd,
      env: environment,
      stdio: show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", (error) => resolve({ ok: false, output: String(error) }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs several commands one after the other and stops at the first that fails. */
export async function commands(list) {
  let output = "";
  for (const [name, ...args] of list) {
    const result = await command(name, args);
    output += result.output;
    if (!result.ok) return { ok: false, output };
  }
  return { ok: true, output };
}
