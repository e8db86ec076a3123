/**
 * Times training steps, predictions and matrix products beside other libraries: `npm run benchmark -- --help`.
 * The process of each contender is this program as well, started with "serve".
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments, usage } from "./arguments.js";
import type { Contender } from "./contender.js";
import { selectContenders } from "./contenders/index.js";
import { findPython } from "./find-python.js";
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
  const { only, peers, rounds, write } = readArguments(process.argv.slice(2));
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const contenders = present(selectContenders(peers && ["myelin", ...peers]), report);
  const measured: Measured[] = [];
  for (const workload of selectWorkloads(only)) {
    report(`${workload.name}: ${workload.title}`);
    measured.push(await measure(workload, contenders, rounds, report));
    process.stdout.write(`${printWorkload(measured.at(-1)!).join("\n")}\n`);
  }
  const versions = Object.fromEntries(
    contenders.flatMap((contender) => {
      const version = versionOf(contender);
      return version === undefined ? [] : [[contender.name, version]];
    }),
  );
  save({ machine: describeMachine(), rounds, versions, measured }, write);
}

/** Leaves those in Python out where there is none with PyTorch. */
function present(contenders: readonly Contender[], report: (line: string) => void): readonly Contender[] {
  const inPython = contenders.filter(({ run }) => typeof run !== "function");
  if (inPython.length === 0 || findPython() !== null) return contenders;
  report("No python3 with PyTorch on the PATH (Debian: apt-get install python3-torch): torch is left out.");
  return contenders.filter((contender) => !inPython.includes(contender));
}

function save(report: Report, write: boolean): void {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const folder = at("../results/");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "latest.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, "latest.md"), printReport(report));
  if (!write) return;
  writeFileSync(at("../../../docs/benchmarks.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(at("../../../docs/benchmarks.md"), printReport(report));
}
