import { type Call, ThreadWorker } from "./thread-worker.js";

/** What workers need to take part in a program. */
export interface SharedProgram {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** For each worker, where its workspace starts. */
  readonly workspaces: readonly number[];
  readonly shared: number;
}

/** A program that was sent to workers, and the numbers of the messages that it was in. */
export interface Enrolment {
  readonly program: number;
  readonly letters: readonly number[];
}

/**
 * Workers that all devices of a process use in turn. They are started when first needed, and ended when no program is left
 * that knows them: that is what gives the memory of a program back, because a worker that sleeps does not collect garbage.
 */
export class ThreadPool {
  readonly #workers: ThreadWorker[] = [];
  readonly #programs = new Set<number>();
  readonly #owners = new FinalizationRegistry<number>((program) => this.#forget(program));
  #count = 0;
  #broken = false;

  /** Whether a worker failed, or could not be started. There is no way back. */
  get isBroken(): boolean {
    if (!this.#broken && this.#workers.some(({ failed }) => failed)) this.abandon();
    return this.#broken;
  }

  /** Sends a program to as many workers as it has workspaces for; they forget it when `owner` is garbage. */
  enrol(owner: object, { module, memory, workspaces, shared }: SharedProgram): Enrolment {
    const program = this.#count++;
    this.#programs.add(program);
    this.#owners.register(owner, program);
    try {
      while (this.#workers.length < workspaces.length) this.#workers.push(new ThreadWorker());
    } catch {
      this.abandon();
    }
    const letters = this.#broken
      ? []
      : workspaces.map((workspace, i) =>
          (this.#workers[i] as ThreadWorker).post({ program, module, memory, workspace, shared }),
        );
    return { program, letters };
  }

  /** Whether all its workers know the program. Workers start while their owner computes. */
  isReady({ letters }: Enrolment): boolean {
    return !this.isBroken && letters.every((letter, i) => this.#workers[i]?.hasRead(letter));
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

  #forget(program: number): void {
    this.#programs.delete(program);
    if (this.#broken) return;
    if (this.#programs.size === 0) this.#endAll();
    else for (const worker of this.#workers) worker.post({ forget: program });
  }

  #endAll(): void {
    for (const worker of this.#workers.splice(0)) worker.end();
  }
}

let pool: ThreadPool | undefined;

export function processPool(): ThreadPool {
  pool ??= new ThreadPool();
  return pool;
}
