import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.mjs";
import { root } from "./root.mjs";

/** The manifests of all packages that are published. */
export const published = readdirSync(join(root, "packages"))
  .sort()
  .map((folder) => JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")))
  .filter((manifest) => !manifest.private);

let packing;

/** Packs every published package once; the checks share the tarballs. Returns them by package name. */
export function tarballs() {
  packing ??= pack();
  return packing;
}

async function pack() {
  const folder = join(root, ".verify", "tarballs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder];
  const result = await command("pnpm", args);
  if (!result.ok) throw new Error(`pnpm pack failed:\n${result.output}`);
  return Object.fromEntries(
    published.map(({ name, version }) => [
      name,
      join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`),
    ]),
  );
}
