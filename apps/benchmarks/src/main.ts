/**
 * Times training steps, predictions and matrix products beside other libraries: `npm run benchmark -- --help`.
 * The process of each contender is this program as well, started with "serve".
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadThreads } from "@myelin/backend-wasm";
import { measureAccuracy, printAccuracy } from "./accuracy.js";
import { readArguments, usage } from "./arguments.js";
import type { Contender } from "./contender.js";
import { selectContenders } from "./contenders/index.js";
import { findPython } from "./find-python.js";
import { climb, printLadder } from "./ladder/climb.js";
import { describeMachine, versionOf } from "./machine.js";
import { type Measured, measure } from "./measure.js";
import { serve } from "./serve.js";
import { printReport, printWorkload, type Report } from "./table.js";
import { selectWorkloads } from "./workloads.js";

const [command, ...rest] = process.argv.slice(2);
if (command === "serve") await serve(rest[0]!, rest[1]!);
else if (command === "--help") process.stdout.write(usage);
else await benchmark();

async function benchmark(): Promise<void> {
  const { only, peers, rounds, ladder, accuracy, workloads, write } = readArguments(process.argv.slice(2));
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const machine = describeMachine();
  if (machine.load > 0.5) report(`The machine is busy (load ${machine.load}): these figures say little.`);
  const contenders = present(selectContenders(peers && ["myelin", ...peers]), report);
  const measured: Measured[] = [];
  for (const workload of workloads ? selectWorkloads(only) : []) {
    report(`${workload.name}: ${workload.title}`);
    measured.push(await measure(workload, contenders, rounds, report));
    print(printWorkload(measured.at(-1)!).join("\n"));
  }
  const extra: string[] = [];
  if (ladder) {
    // Its products never let the event loop turn.
    await loadThreads();
    extra.push(printLadder(climb([64, 256, 512, 1024], rounds)));
  }
  if (accuracy) extra.push(printAccuracy(measureAccuracy()));
  for (const text of extra) print(text);
  if (workloads) save({ machine, rounds, versions: versionsOf(contenders), measured }, extra, write);
  const wrong = measured.flatMap(({ results }) => results.filter(({ agrees }) => agrees === false));
  for (const { contender, proof } of wrong) report(`${contender} did something else: its proof is ${proof}.`);
  // At once: threads of the ladder would keep the process alive.
  process.exit(wrong.length === 0 ? 0 : 1);
}

function versionsOf(contenders: readonly Contender[]): Record<string, string> {
  const versions = contenders.map((contender) => [contender.name, versionOf(contender)] as const);
  return Object.fromEntries(
    versions.filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  );
}

/** Leaves those in Python out where there is none with PyTorch. */
function present(contenders: readonly Contender[], report: (line: string) => void): readonly Contender[] {
  const inPython = contenders.filter(({ run }) => typeof run !== "function");
  if (inPython.length === 0 || findPython() !== null) return contenders;
  report("No python3 with PyTorch on the PATH (Debian: apt-get install python3-torch): torch is left out.");
  return contenders.filter((contender) => !inPython.includes(contender));
}

function save(report: Report, extra: readonly string[], write: boolean): void {
  const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const results = folder("../results/");
  mkdirSync(results, { recursive: true });
  for (const [to, name] of [
    [results, "latest"],
    ...(write ? [[folder("../../../docs/"), "benchmarks"]] : []),
  ]) {
    writeFileSync(join(to!, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(to!, `${name}.md`), [printReport(report), ...extra].join("\n"));
  }
}
