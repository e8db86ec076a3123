import { ArgumentError } from "@myelin/tensor";
import type { Request } from "./run-control.js";

/**
 * Work in pieces: yields between them for the event loop's turn (undefined), or until a promise has what it needs, which it
 * gets back (undefined, where the run was told to end first).
 */
export type Work<Result> = Generator<Promise<unknown> | undefined, Result, unknown>;

/** Does all the work at once. */
export function runNow<Result>(work: Work<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!value) continue;
    work.return(undefined as never);
    throw new ArgumentError("fitSync", "nothing to wait for", "a promise", "Use fit.");
  }
}

/**
 * Waits for what a callback returned, where that is a promise. A run that is told to end goes on; what the callback rejects with
 * later belongs to nobody any more, so it is an unhandled rejection rather than lost.
 */
export function* settled(returned: unknown): Work<void> {
  if ((returned as PromiseLike<unknown> | null | undefined)?.then) {
    const promise = Promise.resolve(returned);
    yield promise;
    promise.then();
  }
}

/** Lets timers, input and network events run. Browsers delay repeated timers by 4 ms, so messages are used where they exist. */
export function eventLoopTurn(): Promise<unknown> {
  const { setImmediate } = globalThis as { setImmediate?: (done: (value: unknown) => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate) setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve(undefined);
      };
      port2.postMessage(null);
    }
  });
}

/**
 * Lets who waited for an epoch read it, until it is back for more or has left. Not for long, because it may do something else,
 * such as await the run.
 */
export async function readersTurn(request: Request): Promise<void> {
  /** Microtasks that a reader may need for an epoch; one that reads through a few generators needs some ten. */
  const TURNS = 100;
  request.awaited = false;
  for (let turn = 0; turn < TURNS && !request.awaited; turn++) await undefined;
}
