/** Watches the workers that the library starts, and the calls that they take part in. */

interface Posting {
  postMessage(letter: object): void;
  terminate(): unknown;
  /** In browsers. */
  addEventListener?(event: "error", listener: () => void): void;
}

type WorkerClass = new (...options: never[]) => Posting;

interface Seen {
  readonly workers: Posting[];
  calls: number;
  /** Whether a page was not allowed to run the code of a worker. */
  refused: boolean;
}

/** What was seen so far. */
export const seen: Seen = { workers: [], calls: 0, refused: false };

/** Changes what is posted to workers, if a test wants to. */
let tamper = (letter: object): object => letter;

export function tamperWith(change: typeof tamper): void {
  tamper = change;
}

/** Where the library finds its workers: worker_threads where that exists, else the global class. */
export function watchWorkers(): void {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const owner = (process?.getBuiltinModule?.("node:worker_threads") ?? globalThis) as {
    Worker?: WorkerClass;
  };
  if (owner.Worker !== undefined) owner.Worker = watched(owner.Worker);
  countCalls();
}

function watched(original: WorkerClass): WorkerClass {
  return class extends original {
    constructor(...options: never[]) {
      super(...options);
      seen.workers.push(this);
      this.addEventListener?.("error", () => {
        seen.refused = true;
      });
    }

    override postMessage(letter: object): void {
      super.postMessage(tamper(letter));
    }
  };
}

/**
 * A call begins when its number is raised in the 48 cells that a worker and its owner share, and returns only if the worker
 * arrived at every barrier; so a call that has returned was computed by two threads.
 */
function countCalls(): void {
  const [CELLS, CALLS] = [48, 2];
  const { add } = Atomics;
  Atomics.add = ((cells: Int32Array, index: number, value: number) => {
    if (cells.length === CELLS && index === CALLS) seen.calls++;
    return add(cells, index, value);
  }) as typeof Atomics.add;
}
