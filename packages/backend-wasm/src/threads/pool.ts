import { type Call, ThreadWorker } from "./thread-worker.js";

/** What workers need to take part in a program. */
export interface SharedProgram {
  readonly module: WebAssembly.Module;
  /** Calls the functions of the module; see `shareModule`. */
  readonly share: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** For each worker, where its workspace starts. */
  readonly workspaces: readonly number[];
  readonly shared: number;
}

/** A program that was sent to workers, and the numbers of the messages that it was in. */
export interface Enrolment {
  readonly program: number;
  readonly letters: readonly number[];
  /** Of the workers. */
  readonly generation: number;
}

/**
 * Workers that all devices of a process use in turn, started when first needed. A worker that sleeps collects no garbage, and
 * would keep the memory of every program that it ever knew: so all are ended when one of their programs is garbage here, and
 * programs that are still used are sent to new ones.
 */
export class ThreadPool {
  readonly #workers: ThreadWorker[] = [];
  readonly #owners = new FinalizationRegistry<number>((generation) => {
    if (generation === this.#generation) this.#endAll();
  });
  #generation = 0;
  #count = 0;
  #broken = false;

  /** Whether a worker failed, or could not be started. There is no way back. */
  get isBroken(): boolean {
    if (!this.#broken && this.#workers.some(({ failed }) => failed)) this.abandon();
    return this.#broken;
  }

  /** Sends a program to as many workers as it has workspaces for; they know it while `owner` lives. */
  enrol(owner: object, { workspaces, ...rest }: SharedProgram): Enrolment {
    const program = this.#count++;
    const generation = this.#generation;
    this.#owners.register(owner, generation);
    try {
      while (this.#workers.length < workspaces.length) this.#workers.push(new ThreadWorker());
      const letters = workspaces.map((workspace, i) =>
        (this.#workers[i] as ThreadWorker).post({ ...rest, program, workspace }),
      );
      return { program, letters, generation };
    } catch {
      this.abandon();
      return { program, letters: [], generation };
    }
  }

  /** Whether the workers that it was sent to are still the same. */
  isCurrent({ generation }: Enrolment): boolean {
    return generation === this.#generation;
  }

  /** Whether all its workers know the program. Workers start while their owner computes. */
  isReady(enrolment: Enrolment): boolean {
    const { letters } = enrolment;
    return (
      !this.isBroken &&
      this.isCurrent(enrolment) &&
      letters.every((letter, i) => this.#workers[i]?.hasRead(letter))
    );
  }

  /** Whether workers have done all that they were told but calls. */
  get isSettled(): boolean {
    return this.isBroken || this.#workers.every(({ hasReadAll }) => hasReadAll);
  }

  /** Begins a call in all threads but the first, which is the caller. */
  start(call: Call): void {
    for (let thread = 1; thread < call.threads; thread++) this.#workers[thread - 1]?.start(thread, call);
  }

  /** Ends all workers, whatever they do. */
  abandon(): void {
    this.#broken = true;
    this.#endAll();
  }

  #endAll(): void {
    this.#generation++;
    for (const worker of this.#workers.splice(0)) worker.end();
  }
}

let pool: ThreadPool | undefined;

export function processPool(): ThreadPool {
  pool ??= new ThreadPool();
  return pool;
}
