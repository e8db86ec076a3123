/**
 * Every fenced `ts` block of README.md, of the packages' README.md and of docs/ becomes a module in the git-ignored folder
 * .examples, so that it is type-checked with the repository and runs as a test. A block marked `ts no-run` is only
 * type-checked. Each module starts with as many empty lines as stand above its block: line 40 of the module is line 40 of the
 * document.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages, root } from "./vitest/workspace.ts";

type Example = { module: string; line: number; runs: boolean; source: string };

const folder = join(root, ".examples");

export function writeExamples(): void {
  const files = new Map<string, string>();
  for (const document of documents()) {
    const examples = extract(document);
    for (const example of examples) files.set(`${example.module}.ts`, example.source);
    const runnable = examples.filter((example) => example.runs);
    if (runnable.length > 0) files.set(`${flat(document)}.test.ts`, testFile(document, runnable));
  }
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".ts") && !files.has(name)) rmSync(join(folder, name));
  }
  for (const [name, text] of files) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
}

function documents(): string[] {
  const inDocs = existsSync(join(root, "docs"))
    ? readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((path) => `docs/${path}`)
    : [];
  const inPackages = packages.map((folder) => `packages/${folder}/README.md`);
  const all = [...inDocs.map((path) => path.replaceAll("\\", "/")), ...inPackages, "README.md"];
  return all.filter((path) => path.endsWith(".md") && existsSync(join(root, path))).sort();
}

function extract(document: string): Example[] {
  const examples: Example[] = [];
  let open: { line: number; runs: boolean; body: string[] } | undefined;
  for (const [index, text] of readFileSync(join(root, document), "utf8").split("\n").entries()) {
    const fence = /^```(\w*)(.*)$/.exec(text);
    if (fence === null) open?.body.push(text);
    else if (open !== undefined) {
      const source = `${"\n".repeat(open.line)}${open.body.join("\n")}\n`;
      examples.push({ module: `${flat(document)}-${open.line}`, line: open.line, runs: open.runs, source });
      open = undefined;
    } else if (fence[1] === "ts" || fence[1] === "typescript") {
      open = { line: index + 1, runs: !fence[2]!.includes("no-run"), body: [] };
    }
  }
  return examples;
}

/** Examples may write files, so they run in a folder of their own. */
function testFile(document: string, examples: Example[]): string {
  const tests = examples.map(({ module, line }) => {
    return `test("${document}:${line}", async () => void (await import("./${module}.ts")), 120_000);`;
  });
  return [
    'import { mkdirSync } from "node:fs";',
    'import { beforeAll, test } from "vitest";',
    "",
    "beforeAll(() => {",
    '  const folder = new URL("./output/", import.meta.url);',
    "  mkdirSync(folder, { recursive: true });",
    "  process.chdir(folder.pathname);",
    "});",
    "",
    ...tests,
    "",
  ].join("\n");
}

function flat(document: string): string {
  return document.replace(/\.md$/, "").replaceAll("/", "-");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeExamples();
