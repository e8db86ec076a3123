/** Steps are grouped into calls of about this long, */
const CALL = 8;
/** and after this long the event loop gets its turn. All in milliseconds; a frame at 60 Hz has 16. */
const SLICE = 12;

/** Groups work into pieces that are long enough to be cheap and short enough to stay responsive. */
export class TimeSlice {
  /** Pieces of work for the next call. */
  pieces = 1;
  #start: number = performance.now();
  #call = 0;

  begin(): void {
    this.#call = performance.now();
  }

  /** Learns from how long a call took. Growth is gradual, because the first call also warms up. */
  end(pieces: number): void {
    const each = (performance.now() - this.#call) / pieces;
    this.pieces = Math.max(1, Math.min(this.pieces * 4, Math.floor(CALL / each)));
  }

  get isOver(): boolean {
    return performance.now() - this.#start > SLICE;
  }

  /** Gives the event loop its turn. */
  *rest(): Work<void> {
    yield;
    this.#start = performance.now();
  }
}

/** Lets timers, input and network events run. Browsers delay repeated timers by 4 ms, so messages are used where they exist. */
export function eventLoopTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (done: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate !== undefined) setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    }
  });
}

/** Work in pieces: yields between them for the event loop's turn (undefined) or until data are there (a promise). */
export type Work<Result> = Generator<Promise<unknown> | undefined, Result, void>;
