import { operationsOf } from "./kernels.js";
import type { Machine } from "./machine.js";
import type { Measured, Result } from "./measure.js";
import type { Workload } from "./workloads.js";

export interface Report {
  readonly machine: Machine;
  readonly rounds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
}

/** The report as a Markdown page. */
export function printReport(report: Report): string {
  const { machine, rounds, versions } = report;
  const facts = [
    `${machine.processor}, ${machine.cores} cores, ${machine.memory}, ${machine.platform}`,
    `Node ${machine.node} (V8 ${machine.v8}), ${machine.date}, load at the start ${machine.load}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  ];
  return [
    "# Benchmarks",
    "",
    "Written by `npm run benchmark -- --write`; not edited by hand.",
    "",
    ...facts.filter((fact) => fact !== "").map((fact) => `- ${fact}`),
    "",
    `Each library runs in a process of its own, warm; ${rounds} rounds of a quarter of a second (or one step, if that takes`,
    "longer), interleaved, so that a busy machine slows all. Medians, with the quartiles beside them. All start from the same",
    "weights. A figure counts only with its proof: for training the mean loss over the first batches, in order, on which all",
    "must agree within 0.1 % (✓) unless they do something else (the notes say what), and the mean loss in the last round.",
    "",
    "The peak is what one core does with 128-bit multiplications and additions in WebAssembly when it needs no memory, measured",
    "between the rounds; the column beside says which share of it the matrix products and convolutions of a step reach, whatever",
    "else it does. Two cores can reach 200 %, and PyTorch has registers four times as wide.",
    "",
    "Myelin's step includes gathering its shuffled rows and scaling their bytes; the other libraries go round in 64 batches",
    "that are ready in their memory. In Node jax-js and TensorFlow.js run on one thread, beside which stands myelin:1-thread;",
    "ONNX Runtime Web is told to. The variants of torch differ in the threads of its own pool (omp) and of OpenBLAS (blas).",
    "",
    ...report.measured.flatMap(printWorkload),
  ].join("\n");
}

/** One table, with a heading. */
export function printWorkload({ workload, peak, results, failures }: Measured): string[] {
  const first = results[0];
  const least = operationsOf(workload) / peak;
  const last = workload.kind === "training" ? " last loss |" : "";
  const notes = results.flatMap(({ contender, differs }) =>
    differs === undefined ? [] : [`${contender}: ${differs}.`],
  );
  return [
    `## ${workload.name}: ${workload.title}`,
    "",
    `One core at its peak of ${(peak / 1e9).toPrecision(3)} GFLOP/s: ${time(least)}.`,
    "",
    `| | ${unitOf(workload)} | quartiles | ${rateOf(workload)} | relative | peak | proof |${last}`,
    `|---|--:|--:|--:|--:|--:|--:|${last && "--:|"}`,
    ...results.map((result) => {
      const { contender, seconds, proof, agrees } = result;
      const cells = [
        contender,
        time(seconds.median),
        `${time(seconds.low)} to ${time(seconds.high)}`,
        rate(workload, result),
        ratio(seconds.median / first!.seconds.median),
        percent(least / seconds.median),
        `${proof.toPrecision(6)}${agrees === undefined ? "" : agrees ? " ✓" : " ✗"}`,
        ...(last ? [result.last.toPrecision(4)] : []),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
    "",
    ...notes.flatMap((note) => [note, ""]),
    ...failures.flatMap(({ contender, failure }) => [`${contender} failed: ${failure.split("\n")[0]}`, ""]),
  ];
}

function unitOf(workload: Workload): string {
  return { training: "one step", inference: "one call", matmul: "one product" }[workload.kind];
}

function rateOf(workload: Workload): string {
  return workload.kind === "matmul" ? "GFLOP/s" : "rows a second";
}

function rate(workload: Workload, { seconds }: Result): string {
  if (workload.kind === "matmul") return ((2 * workload.size ** 3) / seconds.median / 1e9).toPrecision(3);
  return Math.round(Number((workload.batchSize / seconds.median).toPrecision(3))).toLocaleString("en-US");
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value < 10 ? Number(value.toPrecision(1)) : Math.round(value)} %`;
}

/** Above 1: slower than the first of the table. */
function ratio(value: number): string {
  return `${value < 9.95 ? value.toPrecision(2) : Math.round(value).toLocaleString("en-US")}x`;
}

function time(seconds: number): string {
  const [value, unit] =
    seconds < 1e-3 ? [seconds * 1e6, "µs"] : seconds < 1 ? [seconds * 1e3, "ms"] : [seconds, "s"];
  return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`;
}
