import type { Program } from "@myelin/compiler";
import { ARRIVED, SLEEPERS } from "./barrier.js";
import type { Pace } from "./pace.js";
import { maySleep } from "./platform.js";
import type { Enrolment, ThreadPool } from "./pool.js";
import { paceFor, type ThreadSettings } from "./settings.js";
import { stepWork } from "./share.js";
import { ThreadError } from "./thread-error.js";

/** Milliseconds of running alone after which a program asks for threads: a script that predicts once needs none. */
const BEFORE_ASKING = 20;
/** A thread that does not arrive is looked after in such intervals, in milliseconds. */
const LOOK = 50;

type Run = (steps: number) => void;
type Share = (thread: number, threads: number, steps: number, arrived: number) => void;

/** A program as the calling thread sees it. */
export interface TeamProgram {
  readonly program: Program;
  readonly module: WebAssembly.Module;
  readonly host: {
    readonly memory: WebAssembly.Memory;
    readonly workspace: WebAssembly.Global;
    readonly shared: WebAssembly.Global;
  };
  /** How many threads can have a part of the work. */
  readonly mostThreads: number;
  /** Makes workspaces for all threads but the first. */
  workspacesFor(threads: number): readonly number[];
}

/**
 * The threads of one program. It runs on the calling thread alone until workers know it, and again when one of them fails;
 * results are the same to the bit.
 */
export class Team {
  readonly #pool: ThreadPool;
  readonly #pace: Pace;
  /** Milliseconds without any arrival after which a thread must have ended without a word. */
  readonly #patience: number;
  readonly #seats: Int32Array;
  readonly #run: Run;
  readonly #share: Share;
  /** Makes the program known to workers. */
  readonly #ask: () => void;
  #enrolment: Enrolment | undefined;
  /** Milliseconds spent alone. */
  #alone = 0;

  constructor(settings: ThreadSettings, { program, module, host, mostThreads, workspacesFor }: TeamProgram) {
    const { threads, pace } = paceFor(settings, mostThreads);
    this.#pool = settings.pool;
    this.#pace = pace;
    this.#patience = settings.patience + (20 * stepWork(program)) / 1e6;
    this.#seats = new Int32Array(host.memory.buffer, 0, (SLEEPERS + 4) / 4);
    const sleep = (goal: number) => this.#sleep(goal);
    const { run, share } = new WebAssembly.Instance(module, { host: { ...host, sleep } }).exports;
    this.#run = run as Run;
    this.#share = share as Share;
    this.#ask = () => {
      if (this.#pool.isBroken) return;
      const workspaces = workspacesFor(threads);
      const shared = host.shared.value as number;
      this.#enrolment = this.#pool.enrol(this, { module, memory: host.memory, workspaces, shared });
    };
    if (!settings.measured) this.#ask();
  }

  run(steps: number): void {
    const pool = this.#pool;
    const pace = this.#pace;
    if (this.#enrolment !== undefined && !pool.isCurrent(this.#enrolment)) this.#ask();
    for (let left = steps; left > 0; ) {
      const ready = this.#enrolment !== undefined && pool.isReady(this.#enrolment);
      const threads = ready ? pace.threads : 1;
      const now = Math.min(left, ready ? pace.steps : left);
      const start = performance.now();
      if (threads > 1) this.#together(threads, now);
      else this.#run(now);
      const time = performance.now() - start;
      left -= now;
      if (ready) pace.took(now, time);
      else if (this.#enrolment === undefined) {
        this.#alone += time;
        if (this.#alone > BEFORE_ASKING) this.#ask();
      }
    }
  }

  #together(threads: number, steps: number): void {
    const pool = this.#pool;
    const { program } = this.#enrolment as Enrolment;
    const arrived = Atomics.load(this.#seats, ARRIVED / 4);
    pool.start({ program, threads, steps, arrived });
    try {
      this.#share(0, threads, steps, arrived);
    } catch (error) {
      // The others may still compute, or wait for this thread.
      pool.abandon();
      throw error instanceof ThreadError
        ? error
        : new ThreadError("The first thread failed", { cause: error });
    }
  }

  /** Waits for a goal that is far off, and looks whether the others are still alive. */
  #sleep(goal: number): void {
    const seats = this.#seats;
    const index = ARRIVED / 4;
    Atomics.add(seats, SLEEPERS / 4, 1);
    let quiet = 0;
    let last = Atomics.load(seats, index);
    while (((last - goal) | 0) < 0) {
      if (this.#pool.isBroken) throw new ThreadError("A worker thread failed");
      if (quiet > this.#patience)
        throw new ThreadError(`A worker thread ended or hangs (${quiet / 1000} s without a sign of it)`);
      const slept = look(seats, index, last);
      const arrived = Atomics.load(seats, index);
      quiet = arrived === last && slept ? quiet + LOOK : 0;
      last = arrived;
    }
    Atomics.sub(seats, SLEEPERS / 4, 1);
  }
}

/** Waits until a cell changes, or for one interval; true when the interval is over. */
function look(cells: Int32Array, index: number, value: number): boolean {
  if (canSleep()) return Atomics.wait(cells, index, value, LOOK) === "timed-out";
  const end = performance.now() + LOOK;
  while (Atomics.load(cells, index) === value) if (performance.now() > end) return true;
  return false;
}

let sleeps: boolean | undefined;

function canSleep(): boolean {
  sleeps ??= maySleep();
  return sleeps;
}
