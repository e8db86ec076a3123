import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder names under packages/. */
export const packages: string[] = readdirSync(join(root, "packages")).sort();

/** Aliases that resolve every workspace package to its source, so that tests need no build. */
export function sourceAliases(): { find: RegExp; replacement: string }[] {
  return packages.flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as {
      name: string;
      exports: Record<string, string | { default: string }>;
    };
    return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      if (typeof target === "string") return [];
      const source = target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
      const replacement = join(root, "packages", folder, source);
      return [{ find: new RegExp(`^${manifest.name}${subpath.slice(1)}$`), replacement }];
    });
  });
}
