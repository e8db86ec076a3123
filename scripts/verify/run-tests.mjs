import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { command } from "./command.mjs";
import { root } from "./root.mjs";

/**
 * Runs vitest and counts its tests. A file that fails before its first test, and a run that fails without a failed test
 * (a crash, an unhandled error), count as one failure each, so that nothing can go wrong unseen.
 */
export async function runTests(name, args) {
  const report = join(root, ".verify", `${name}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { ok } = await command("vitest", ["run", ...args, ...reporters], { show: true });
  const counts = count(report);
  if (!ok && counts.failed === 0) counts.failed = 1;
  return { ok: counts.failed === 0, ...counts, output: "" };
}

function count(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const results = readReport(report);
  if (results.length === 0) counts.failed++;
  for (const file of results) {
    if (file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed")) {
      counts.failed++;
    }
    for (const { status } of file.assertionResults) {
      counts[status === "passed" || status === "failed" ? status : "skipped"]++;
    }
  }
  return counts;
}

function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, "utf8")).testResults;
  } catch {
    return [];
  }
}
