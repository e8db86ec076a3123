/** The same training on one thread and on two; and what becomes of it when the second one dies. */
import { type Backend, loadThreads, ThreadError, wasmWith } from "myelin";
import type { Findings } from "./fingerprint.js";
import { wide } from "./trainings.js";
import { seen, tamperWith } from "./workers.js";

const STEPS = 3;

export function oneThread(): Findings {
  return wide(wasmWith({ threads: 1 })).train(STEPS);
}

/** On two threads, as soon as the worker is ready. */
export async function twoThreads(): Promise<Findings> {
  await loadThreads();
  const backend = wasmWith({ threads: 2 });
  await untilShared(backend);
  return wide(backend).train(STEPS);
}

/** Kinds of death: a trap in the middle of a step, and an end without a word. */
export type Death = "trap" | "vanish";

/** What a death leads to: the name of the error, after how long, and what fails after that, if anything does. */
export async function dies(death: Death): Promise<string> {
  await loadThreads();
  const backend = wasmWith({ threads: 2 });
  // Far outside of the memory.
  const lost = (letter: object) => ("workspace" in letter ? { ...letter, workspace: 0x7fff0000 } : letter);
  const model = await untilShared(backend);
  if (seen.calls === 0) return "no threads";
  const start = performance.now();
  let error: unknown;
  if (death === "trap") {
    tamperWith(lost);
    const { train } = wide(backend);
    error = await failure(() => train(3));
  } else {
    // Its end is noticed only after a turn of the event loop, which does not come.
    for (const worker of seen.workers) worker.terminate();
    error = await failure(() => model.train(3));
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  const after = await failure(() => model.train(1), 0);
  const name = error instanceof ThreadError ? "ThreadError" : String(error ?? "no error");
  return `${name} after ${seconds} s${after === undefined ? "" : `, then ${String(after)}`}`;
}

/** The first error in some seconds of trying: engines take up to two to end a worker. */
async function failure(work: () => void, seconds = 4): Promise<unknown> {
  const end = performance.now() + seconds * 1000;
  do {
    try {
      work();
    } catch (error) {
      return error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (performance.now() < end);
  return undefined;
}

/**
 * Trains until a call was shared. Workers start beside that, and in browsers need the event loop for it. Gives up soon where
 * there are none.
 */
async function untilShared(backend: Backend): Promise<ReturnType<typeof wide>> {
  const model = wide(backend);
  const start = performance.now();
  const limit = () => (seen.workers.length === 0 || seen.refused ? 1000 : 20_000);
  while (seen.calls === 0 && performance.now() - start < limit()) {
    model.train(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return model;
}
