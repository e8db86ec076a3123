/** What users of the published packages would stumble over: publint (strict) and "are the types wrong" (ESM only). */
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { tarballs } from "./packages.mjs";

/** The packages are ES modules on purpose, so what CommonJS and the resolution of old Node see is no problem. */
const ignored = ["node10", "node16-cjs"];

export async function checkPackages() {
  const problems = [];
  for (const [name, path] of Object.entries(await tarballs())) {
    const data = readFileSync(path);
    for (const problem of [...(await lint(data)), ...(await types(data))])
      problems.push(`${name}: ${problem}`);
  }
  return { ok: problems.length === 0, output: problems.join("\n") };
}

async function lint(data) {
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages
    .filter(({ type }) => type !== "suggestion")
    .map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function types(data) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  if (!analysis.types) return ["are-the-types-wrong: no types found"];
  return analysis.problems
    .filter((problem) => !ignored.includes(problem.resolutionKind) && problem.resolutionOption !== "node10")
    .map((problem) => `are-the-types-wrong: ${JSON.stringify(problem)}`);
}
