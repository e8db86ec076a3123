import { type RawWorker, startWorker } from "./raw-worker.js";
import { CELLS, cell, type Letter, workerCode } from "./worker-code.js";

/**
 * One call of `share`, but for the number of the thread. It has at least one step: the barrier at its end tells the caller
 * that the worker has taken note.
 */
export interface Call {
  readonly program: number;
  readonly threads: number;
  readonly steps: number;
  readonly arrived: number;
}

/** A worker, seen by its owner. */
export class ThreadWorker {
  readonly #cells = new Int32Array(new SharedArrayBuffer(4 * CELLS));
  readonly #worker: RawWorker;
  #ended = false;

  constructor() {
    this.#worker = startWorker(workerCode, () => {
      this.#ended = true;
    });
    this.post({ cells: this.#cells });
  }

  /** Whether it ended, or a call in it did not succeed. Its end is noticed only after a turn of the event loop. */
  get failed(): boolean {
    return this.#ended || Atomics.load(this.#cells, cell.failed) !== 0;
  }

  /** Posts a message; returns its number, for `hasRead`. Never while a call runs. */
  post(letter: Letter): number {
    this.#worker.postMessage(letter);
    const number = Atomics.add(this.#cells, cell.posted, 1) + 1;
    this.#ring();
    return number;
  }

  hasRead(letter: number): boolean {
    return ((Atomics.load(this.#cells, cell.received) - letter) | 0) >= 0;
  }

  get hasReadAll(): boolean {
    return this.hasRead(Atomics.load(this.#cells, cell.posted));
  }

  /** Begins a call that the worker answers by arriving at the barriers. */
  start(thread: number, { program, threads, steps, arrived }: Call): void {
    const cells = this.#cells;
    cells.set([program, thread, threads, steps, arrived], cell.program);
    Atomics.add(cells, cell.calls, 1);
    this.#ring();
  }

  end(): void {
    this.#ended = true;
    this.#worker.terminate();
  }

  #ring(): void {
    Atomics.add(this.#cells, cell.bell, 1);
    Atomics.notify(this.#cells, cell.bell);
  }
}
