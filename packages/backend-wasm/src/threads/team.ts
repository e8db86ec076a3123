import type { Program } from "@myelin/compiler";
import type { Layout } from "../kernels/index.js";
import type { KernelFunction } from "../module.js";
import { ARRIVED, SLEEPERS } from "./barrier.js";
import { MeasuredPace, type Pace, steadyPace } from "./pace.js";
import type { Part } from "./phases.js";
import { type Enrolment, processPool, type ThreadPool } from "./pool.js";
import { maySleep } from "./raw-worker.js";
import type { ThreadSettings } from "./settings.js";
import { phasesFor, shareModule } from "./share.js";
import type { Toolbox } from "./toolbox.js";

/** Milliseconds of running alone after which a program asks for threads: a script that predicts once needs none. */
const BEFORE_ASKING = 20;
/** A thread that does not arrive is looked after in such intervals, in milliseconds. */
const LOOK = 50;

/** Milliseconds in which some thread should arrive somewhere. */
const PATIENCE = 5000;

type Run = (steps: number) => void;
type Share = (thread: number, threads: number, steps: number, arrived: number) => void;

/** A program as the calling thread sees it. */
export interface TeamProgram {
  readonly program: Program;
  readonly layout: Layout;
  readonly functions: readonly KernelFunction[];
  readonly module: WebAssembly.Module;
  /** What an instance of the module exports: `run(steps)`, and its functions by their numbers. */
  readonly exports: WebAssembly.Exports;
  readonly host: {
    readonly memory: WebAssembly.Memory;
    readonly workspace: WebAssembly.Global;
    readonly shared: WebAssembly.Global;
  };
  /** Where the workspace of a thread starts. */
  workspaceOf(thread: number): number;
}

/** How to run a program's steps: with threads, or alone if there is nothing to share. */
export function shareSteps(settings: ThreadSettings, shared: TeamProgram, toolbox: Toolbox): Run {
  const phases = phasesFor(shared.program, shared.functions, shared.layout, settings.rule, toolbox);
  const most = Math.max(1, ...phases.flat().map(({ split, units }) => (split ? units : 1)));
  if (most === 1) return shared.exports.run as Run;
  const team = new Team({ ...settings, threads: Math.min(settings.threads, most) }, shared, phases, toolbox);
  return (steps) => team.run(steps);
}

/**
 * The threads of one program. It runs on the calling thread alone until workers know it, and again when one of them fails;
 * results are the same to the bit.
 */
class Team {
  readonly #pool: ThreadPool;
  readonly #pace: Pace;
  /** Milliseconds without any arrival after which a thread must have ended without a word. */
  readonly #patience: number;
  readonly #seats: Int32Array;
  readonly #toolbox: Toolbox;
  readonly #run: Run;
  readonly #share: Share;
  /** Makes the program known to workers. */
  readonly #ask: () => void;
  #enrolment: Enrolment | undefined;
  /** Milliseconds spent alone. */
  #alone = 0;

  constructor(
    { threads, measured, pool = processPool(), patience = PATIENCE }: ThreadSettings,
    { program, module, exports, host, workspaceOf }: TeamProgram,
    phases: readonly Part[][],
    toolbox: Toolbox,
  ) {
    this.#toolbox = toolbox;
    this.#pool = pool;
    this.#pace = measured ? new MeasuredPace(threads) : steadyPace(threads);
    this.#patience = patience + (20 * toolbox.stepWork(program)) / 1e6;
    this.#seats = new Int32Array(host.memory.buffer, 0, (SLEEPERS + 4) / 4);
    const sleep = (goal: number) => this.#sleep(goal);
    const { memory } = host;
    const share = new WebAssembly.Module(shareModule(phases, toolbox));
    this.#run = exports.run as Run;
    this.#share = new WebAssembly.Instance(share, { host: { memory, sleep }, kernels: exports }).exports
      .share as Share;
    this.#ask = () => {
      if (pool.isBroken) return;
      const workspaces = Array.from({ length: threads - 1 }, (_, i) => workspaceOf(i + 1));
      const shared = host.shared.value as number;
      this.#enrolment = pool.enrol(this, { module, share, memory, workspaces, shared });
    };
    if (!measured) this.#ask();
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
      throw error instanceof this.#toolbox.ThreadError
        ? error
        : this.#failure("The first thread failed", { cause: error });
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
      if (this.#pool.isBroken) throw this.#failure("A worker thread failed");
      if (quiet > this.#patience)
        throw this.#failure(`A worker thread ended or hangs (${quiet / 1000} s without a sign of it)`);
      const slept = look(seats, index, last);
      const arrived = Atomics.load(seats, index);
      quiet = arrived === last && slept ? quiet + LOOK : 0;
      last = arrived;
    }
    Atomics.sub(seats, SLEEPERS / 4, 1);
  }

  #failure(reason: string, options?: ErrorOptions): Error {
    return new this.#toolbox.ThreadError(
      `[wasm] ${reason} in the middle of a step; what the step updates may be half written. ` +
        "Load the parameters again; from now on this process computes on one thread.",
      options,
    );
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
