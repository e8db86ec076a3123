import { afterEach, expect, test, vi } from "vitest";
import {
  type Func,
  forRange,
  i32,
  type ModuleBuilder,
  moduleBuilder,
  unreachable,
  when,
} from "../assembler/index.js";
import { ARRIVED, emitBarrier } from "./barrier.js";
import { ThreadPool } from "./pool.js";
import { toolbox } from "./toolbox.js";

const PAGES = { initial: 1, maximum: 65536 };
/** Where each thread keeps its number, on a cache line of its own; and where it counts what it found wrong. */
const NUMBERS = 1024;
const WRONG = 8192;

const nothing = new WebAssembly.Module(moduleBuilder().toBytes());
let pool: ThreadPool | undefined;
afterEach(() => {
  pool?.abandon();
});

/** A module whose `share` is written by a test. */
function shareable(
  write: (module: ModuleBuilder, sleep: Func<["i32"], "void">) => Func<["i32", "i32", "i32", "i32"], "void">,
): WebAssembly.Module {
  const module = moduleBuilder();
  module.importMemory("host", "memory", PAGES);
  const sleep = module.importFunction("host", "sleep", ["i32"], "void");
  module.export("share", write(module, sleep));
  return new WebAssembly.Module(module.toBytes());
}

/**
 * In every step each thread writes the number of the step, waits, and looks whether the others wrote it too; then all wait
 * before the next one.
 */
const roundRobin = () =>
  shareable((module, sleep) => {
    const barrier = emitBarrier(module, sleep, toolbox);
    return module.function(
      "share",
      ["i32", "i32", "i32", "i32"],
      "void",
      (builder, thread, threads, steps, arrived) => {
        const step = builder.local("i32");
        const other = builder.local("i32");
        const line = (index: typeof other) => i32.mul(index, i32.const(64));
        const wrong = i32.add(i32.load(line(thread), WRONG), i32.const(1));
        const wait = barrier.function.call(threads);
        return [
          barrier.goal.set(arrived),
          forRange(step, { to: steps }, [
            i32.store(line(thread), step, NUMBERS),
            wait,
            forRange(
              other,
              { to: threads },
              when(i32.ne(i32.load(line(other), NUMBERS), step), i32.store(line(thread), wrong, WRONG)),
            ),
            wait,
          ]),
        ];
      },
    );
  });

interface Party {
  readonly memory: WebAssembly.Memory;
  call(steps: number): void;
}

/** `threads` threads of a module; the first one is this one, whose sleep is a test's. */
async function gather(module: WebAssembly.Module, threads: number): Promise<Party> {
  pool = new ThreadPool();
  const own = pool;
  const memory = new WebAssembly.Memory({ ...PAGES, shared: true });
  const seats = new Int32Array(memory.buffer);
  const sleep = (goal: number) => {
    while (((Atomics.load(seats, ARRIVED / 4) - goal) | 0) < 0)
      Atomics.wait(seats, ARRIVED / 4, Atomics.load(seats, ARRIVED / 4), 1);
  };
  const { exports } = new WebAssembly.Instance(module, {
    host: { memory, sleep },
  });
  const share = exports.share as (...numbers: number[]) => void;
  const workspaces = Array.from({ length: threads - 1 }, () => 0);
  const owner = {};
  const enrolment = pool.enrol(owner, { module: nothing, share: module, memory, workspaces, shared: 0 });
  await vi.waitUntil(() => own.isReady(enrolment), { timeout: 4000 });
  return {
    memory,
    call(steps) {
      const arrived = Atomics.load(seats, ARRIVED / 4);
      own.start({ program: enrolment.program, threads, steps, arrived });
      share(0, threads, steps, arrived);
      void owner;
    },
  };
}

test.for([2, 3])("%i threads pass a barrier together, in many short calls", async (threads) => {
  const { memory, call } = await gather(roundRobin(), threads);
  const cells = new Int32Array(memory.buffer);
  // The count of arrivals wraps on the way.
  Atomics.store(cells, ARRIVED / 4, -200);
  for (let i = 0; i < 60; i++) call(1 + (i % 7));
  call(300);
  for (let thread = 0; thread < threads; thread++) {
    expect(cells[NUMBERS / 4 + 16 * thread]).toBe(299);
    expect(cells[WRONG / 4 + 16 * thread]).toBe(0);
  }
});

test("a worker in which a call traps breaks the pool, without a turn of the event loop", async () => {
  const trap = shareable((module) =>
    module.function("share", ["i32", "i32", "i32", "i32"], "void", (_, thread) =>
      when(thread, unreachable()),
    ),
  );
  const { call } = await gather(trap, 2);
  expect(pool?.isBroken).toBe(false);
  call(1);
  const end = performance.now() + 4000;
  while (pool?.isBroken === false && performance.now() < end);
  expect(pool?.isBroken).toBe(true);
});

test("a pool is broken when its worker could not make the program ready", async () => {
  const own = new ThreadPool();
  const module = new WebAssembly.Module(
    (() => {
      const builder = moduleBuilder();
      builder.importFunction("host", "missing", [], "void");
      return builder.toBytes();
    })(),
  );
  const memory = new WebAssembly.Memory({ ...PAGES, shared: true });
  const enrolment = own.enrol({}, { module, share: nothing, memory, workspaces: [0], shared: 0 });
  await vi.waitUntil(() => own.isBroken, { timeout: 4000 });
  expect(own.isReady(enrolment)).toBe(false);
});
