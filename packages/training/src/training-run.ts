import type { EpochEvent, Request, RunResult } from "./run-control.js";
import { eventLoopTurn, type Work } from "./work.js";

/**
 * A run of training: a promise of its result, and an async iterable of its epochs. It starts on the next microtask whether
 * or not anyone listens. Epochs that nobody has read yet are kept, so awaiting and iterating may be combined. Leaving a
 * `for await` loop stops the run: at the epoch that it saw, unless its body waited for something, while which the run goes on. An error rejects the promise and ends the iteration, and is no unhandled rejection.
 */
export interface TrainingRun extends Promise<RunResult>, AsyncIterable<EpochEvent, undefined> {
  /** The epochs so far. */
  readonly history: readonly EpochEvent[];
  /** Rests before the next piece of work (at most some 10 milliseconds, or one step), until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends the run before its next step, with status "stopped". */
  stop(): void;
}

export function startRun(
  work: Work<RunResult>,
  history: readonly EpochEvent[],
  request: Request,
  signal?: AbortSignal,
): TrainingRun {
  let settled = false;
  /** Before the next piece of work; whoever waits for news looks again after it. */
  let rest: Promise<unknown> = Promise.resolve();
  let paused: Promise<void> | undefined;
  let resumed = () => {};
  /** Ends the wait for a batch that may never come. */
  let wake = () => {};

  const resume = () => {
    paused = undefined;
    resumed();
  };
  const end = (status: "stopped" | "aborted", message?: string) => {
    request.status ??= status;
    request.message ??= message;
    resume();
    wake();
  };
  const stop = () => end("stopped");
  const abort = () => end("aborted", "The signal was aborted.");
  if (signal?.aborted) abort();
  // A controller in place of its signal is refused by the work itself.
  signal?.addEventListener?.("abort", abort);

  const drive = async (): Promise<RunResult> => {
    await rest;
    try {
      for (let given: unknown; ; ) {
        while (paused) {
          rest = paused;
          await rest;
        }
        const { done, value } = work.next(given);
        if (done) return value;
        const pending = value ?? eventLoopTurn();
        rest = new Promise((resolve, reject) => {
          wake = () => resolve(undefined);
          pending.then(resolve, reject);
        });
        given = await rest.catch((error) => {
          work.throw(error);
        });
      }
    } finally {
      settled = true;
      signal?.removeEventListener?.("abort", abort);
    }
  };
  const result = drive();
  result.catch(() => {});

  return Object.assign(result, {
    history,
    pause() {
      paused ??= new Promise((resolve) => {
        resumed = resolve;
      });
    },
    resume,
    stop,
    // No generator: until its first `next`, `return` would not stop the run.
    [Symbol.asyncIterator](): AsyncIterator<EpochEvent, undefined> {
      let place = 0;
      return {
        async next() {
          while (place >= history.length && !settled) {
            request.awaited = true;
            await rest.catch(() => {});
          }
          const value = history[place++];
          if (value) return { done: false, value };
          await result;
          return { done: true, value };
        },
        async return() {
          place = Infinity;
          stop();
          await result.catch(() => {});
          return { done: true, value: undefined };
        },
      };
    },
  });
}
