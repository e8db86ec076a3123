/**
 * The tarballs in an empty project, installed with npm and without a registry: every entry must import in plain Node and
 * resolve for TypeScript, with nothing but what is inside the tarballs. Types must hold for a page, which has those of the
 * DOM, and for a program that has only those of Node (which lack WebAssembly's).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command.mjs";
import { published, tarballs } from "./packages.mjs";
import { root } from "./root.mjs";

const compiler = join(root, "node_modules/typescript-7/bin/tsc");

export async function checkInstall() {
  // Outside the repository, so that nothing is found in its node_modules by accident.
  const folder = mkdtempSync(join(tmpdir(), "myelin-install-"));
  try {
    writeProject(folder, await tarballs());
    const steps = [
      ["npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]],
      ["node", ["main.mjs"]],
      ["node", [compiler, "-p", "."]],
      ["node", [compiler, "-p", "tsconfig.node.json"]],
    ];
    for (const [name, args] of steps) {
      const result = await command(name, args, { cwd: folder });
      if (!result.ok) return { ok: false, output: `${name} ${args.join(" ")}\n${result.output}` };
    }
    return { ok: true, output: "" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeProject(folder, tarballPaths) {
  const dependencies = Object.fromEntries(
    Object.entries(tarballPaths).map(([name, path]) => [name, `file:${path}`]),
  );
  const entries = published.flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((subpath) => subpath !== "./package.json")
      .map((subpath) => name + subpath.slice(1)),
  );
  const imports = entries.map((entry, index) => `import * as entry${index} from "${entry}";`).join("\n");
  const uses = `export const entries = [${entries.map((_, index) => `entry${index}`).join(", ")}];\n`;
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "ES2022",
    lib: ["ES2023", "DOM"],
    module: "NodeNext",
    types: [],
    skipLibCheck: false,
  };
  const node = { lib: ["ES2023"], typeRoots: [join(root, "node_modules/@types")], types: ["node"] };
  const files = {
    "package.json": JSON.stringify({ name: "empty-project", private: true, type: "module", dependencies }),
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["main.ts"] }),
    "tsconfig.node.json": JSON.stringify({
      compilerOptions: { ...compilerOptions, ...node },
      files: ["main.ts"],
    }),
    "main.ts": `${imports}\n${uses}`,
    "main.mjs": `${imports}\n${uses}`,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
