/** Runtimes that npm has as packages, each pinned, fetched into a folder that git ignores. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../verify/command.mjs";
import { root } from "../verify/root.mjs";
import { onPath } from "./browsers.mjs";

const folder = join(root, ".runtimes");
const platform = process.platform === "win32" ? "win" : process.platform;
const suffix = process.platform === "win32" ? ".exe" : "";

/** `files`: where the program may lie in node_modules; `*` stands for the one folder that npm has chosen. */
const node = (version, arch = process.arch) => ({
  spec: `node-${platform}-${arch}@${version}`,
  file: `node-${platform}-${arch}/bin/node${suffix}`,
});

const packages = {
  "Node 20": node("20.19.0"),
  "Node 22": node("22.23.3"),
  "Node 24": node("24.9.0"),
  "Node 26": node("26.10.0"),
  Bun: { spec: "bun@1.4.5", file: `@oven/*/bin/bun${suffix}` },
  Deno: { spec: "deno@2.9.6", file: `@deno/*/deno${suffix}`, args: ["run", "--allow-all"] },
  "Node 22, arm64": { ...node("22.23.3", "arm64"), emulated: true },
};

export const names = Object.keys(packages);

/** The command that starts a program in the runtime, or why it cannot be had. */
export async function obtain(name) {
  const { spec, file, args = [], emulated = false } = packages[name];
  const emulator = emulated ? emulation() : [];
  if (emulator === undefined) return { missing: "apt-get install qemu-user libstdc++6-arm64-cross" };
  const home = join(folder, spec.replace("@", "-"));
  const path = find(home, file) ?? ((await install(home, spec)) ? find(home, file) : undefined);
  if (path === undefined) return { missing: `npm install ${spec} failed` };
  return { command: [...emulator, path, ...args] };
}

/** Another processor's program needs an emulator and the libraries of a Linux for that processor. */
function emulation() {
  const [emulator, libraries] = [onPath("qemu-aarch64"), "/usr/aarch64-linux-gnu"];
  if (process.platform !== "linux" || emulator === undefined || !existsSync(libraries)) return undefined;
  return [emulator, "-L", libraries];
}

function find(home, file) {
  const [before, after] = join(home, "node_modules", file).split("*");
  if (after === undefined) return existsSync(before) ? before : undefined;
  const folders = existsSync(before) ? readdirSync(before) : [];
  return folders.map((name) => before + name + after).find(existsSync);
}

async function install(home, spec) {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "private": true }');
  // Forced, because npm would refuse the program of another processor.
  const flags = ["--force", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const { ok } = await command("npm", ["install", ...flags, spec], { cwd: home });
  return ok;
}
