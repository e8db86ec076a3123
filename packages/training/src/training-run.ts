import { ArgumentError } from "@myelin/tensor";
import type { Request } from "./fit.js";
import type { EpochEvent, RunResult } from "./run-control.js";
import { eventLoopTurn, type Work } from "./time-slice.js";

/**
 * A run of training: a promise of its result, and an async iterable of its epochs. It starts on the next microtask whether
 * or not anyone listens. Epochs that nobody has read yet are kept, so awaiting and iterating may be combined; leaving a
 * `for await` loop stops the run. An error rejects the promise and ends the iteration, and is no unhandled rejection.
 */
export class TrainingRun implements Promise<RunResult>, AsyncIterable<EpochEvent> {
  readonly [Symbol.toStringTag] = "TrainingRun";
  /** The epochs so far. */
  readonly history: readonly EpochEvent[];
  readonly #request: Request;
  readonly #result: Promise<RunResult>;
  #settled = false;
  #paused: Promise<void> | undefined;
  #resume: () => void = () => {};
  /** Settles when there is something new to read. */
  #news: Promise<void> | undefined;
  #announce: () => void = () => {};

  /** Internal: runs are made by `model.fit`. */
  constructor(work: Work<RunResult>, history: readonly EpochEvent[], request: Request, signal?: AbortSignal) {
    this.history = history;
    this.#request = request;
    this.#renew();
    const abort = () => this.#end("aborted", "The signal was aborted.");
    if (signal?.aborted) abort();
    // A controller in place of its signal is refused by the work itself.
    signal?.addEventListener?.("abort", abort);
    this.#result = Promise.resolve()
      .then(() => this.#drive(work))
      .finally(() => {
        signal?.removeEventListener?.("abort", abort);
        this.#settled = true;
        this.#announce();
      });
    this.#result.catch(() => {});
  }

  /** Rests before the next piece of work (a few milliseconds), until `resume`. */
  pause(): void {
    this.#paused ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#paused = undefined;
    this.#resume();
  }

  /** Ends the run before its next step, with status "stopped". */
  stop(): void {
    this.#end("stopped");
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is a promise
  then: Promise<RunResult>["then"] = (fulfilled, rejected) => this.#result.then(fulfilled, rejected);
  catch: Promise<RunResult>["catch"] = (rejected) => this.#result.catch(rejected);
  finally: Promise<RunResult>["finally"] = (settled) => this.#result.finally(settled);

  /** All epochs from the first on, also those that are over. */
  [Symbol.asyncIterator](): AsyncIterator<EpochEvent, undefined> {
    let read = 0;
    return {
      next: async () => {
        while (read >= this.history.length && !this.#settled) await this.#news;
        const value = this.history[read];
        if (value === undefined) {
          await this.#result;
          return { done: true, value };
        }
        read++;
        return { done: false, value };
      },
      return: async () => {
        this.stop();
        await this.#result.catch(() => {});
        return { done: true, value: undefined };
      },
    };
  }

  async #drive(work: Work<RunResult>): Promise<RunResult> {
    for (;;) {
      while (this.#paused !== undefined) await this.#paused;
      const { done, value } = work.next();
      if (done) return value;
      this.#announce();
      this.#renew();
      try {
        await (value ?? eventLoopTurn());
      } catch (error) {
        work.throw(error);
      }
    }
  }

  #renew(): void {
    this.#news = new Promise((resolve) => {
      this.#announce = resolve;
    });
  }

  #end(status: "stopped" | "aborted", message?: string): void {
    this.#request.status ??= status;
    this.#request.message ??= message;
    this.resume();
  }
}

/** Does all the work at once. */
export function runNow<Result>(work: Work<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (value === undefined) continue;
    work.return(undefined as never);
    throw new ArgumentError("fitSync", "data in memory", "batches that arrive later", "Use fit.");
  }
}
