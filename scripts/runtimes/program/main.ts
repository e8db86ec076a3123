/**
 * The program that runs in every runtime. It computes all sections and hands over a report: printed as one line of JSON, or
 * in a browser posted to where the page came from. With an argument (in a browser: a query) it lets a worker die instead.
 */
import { wasmWith } from "myelin";
import { type Findings, fingerprint } from "./fingerprint.js";
import { type Death, dies, oneThread, twoThreads } from "./threads.js";
import * as trainings from "./trainings.js";
import * as values from "./values.js";
import { seen, watchWorkers } from "./workers.js";

export interface Report {
  /** Fingerprints that have to be the same everywhere; a section that failed has its error instead. */
  readonly sections: Readonly<Record<string, string>>;
  /** Fingerprints that may differ. */
  readonly free: Readonly<Record<string, string>>;
  /** What became of a worker that died, if that was asked for. */
  readonly death?: string;
  /** Workers that were started, and calls that they shared. */
  readonly workers: number;
  readonly calls: number;
  /** Whether multiplications and additions can be rounded together (relaxed SIMD). */
  readonly fused: boolean;
  /** Of what is no browser. */
  readonly version: string | undefined;
  readonly agent: string;
  readonly seconds: number;
}

const { denseNetwork, convolution, allActivations, schedulesInUse, streamed, saved, portable } = trainings;
const { engineMath, ...exactValues } = values;
const sections = {
  ...exactValues,
  denseNetwork,
  convolution,
  allActivations,
  schedulesInUse,
  streamed,
  saved,
  portable,
  oneThread,
  twoThreads,
};
const free = { engineMath, fast: trainings.fast };

type Sections = Readonly<Record<string, (() => Findings) | (() => Promise<Findings>)>>;

async function fingerprints(sections: Sections): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, compute] of Object.entries(sections)) {
    try {
      found[name] = fingerprint(await compute());
    } catch (error) {
      found[name] = `failed: ${error instanceof Error ? error.stack : error}`;
    }
  }
  return found;
}

async function report(death: Death | undefined): Promise<Report> {
  const start = performance.now();
  watchWorkers();
  const found = death
    ? { sections: {}, free: {}, death: await dies(death) }
    : { sections: await fingerprints(sections), free: await fingerprints(free) };
  return {
    ...found,
    workers: seen.workers.length,
    calls: seen.calls,
    fused: wasmWith({ numerics: "fast" }).name === "wasm fast",
    version: versionOf(globalThis as never),
    agent: globalThis.navigator?.userAgent ?? "",
    seconds: Math.round(performance.now() - start) / 1000,
  };
}

interface Versions {
  readonly process?: {
    readonly versions?: { readonly bun?: string; readonly deno?: string; readonly node?: string };
  };
}

function versionOf({ process }: Versions): string | undefined {
  const { bun, deno, node } = process?.versions ?? {};
  return bun ?? deno ?? node;
}

const { process, location } = globalThis as {
  process?: { argv: string[] };
  location?: { search: string };
};
const asked = process?.argv?.[2] ?? location?.search.slice(1);
const text = JSON.stringify(await report(asked ? (asked as Death) : undefined));
if (process === undefined) await fetch("report", { method: "POST", body: text });
else globalThis.console.log(text);
