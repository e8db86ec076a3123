import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { type Backend, compile, type Device, type Executable } from "@myelin/compiler";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openDevice, wasmWith } from "../device.js";
import { convolutionStep, denseStep, type TrainingStep } from "../testing/training-steps.js";
import { loadThreads } from "./load.js";
import { ThreadPool } from "./pool.js";
import type { ThreadSettings } from "./settings.js";
import { ThreadError } from "./thread-error.js";

/** Workers that were started, and what a test does to them. */
const workers: Worker[] = [];
let tamper: (letter: { workspace?: number }) => void;
let refuse: boolean;
const pools: ThreadPool[] = [];

class WatchedWorker extends Worker {
  constructor(...options: ConstructorParameters<typeof Worker>) {
    if (refuse) throw new Error("no workers here");
    super(...options);
    workers.push(this);
  }

  override postMessage(letter: object): void {
    const copy = { ...letter };
    tamper(copy);
    super.postMessage(copy);
  }
}

beforeAll(loadThreads);

beforeEach(() => {
  workers.length = 0;
  tamper = () => {};
  refuse = false;
  const original = process.getBuiltinModule.bind(process) as (name: string) => unknown;
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) =>
    name === "node:worker_threads" ? { Worker: WatchedWorker } : original(name)) as never);
});

afterEach(() => {
  for (const pool of pools.splice(0)) pool.abandon();
  vi.unstubAllGlobals();
});

const networks: Readonly<Record<string, () => TrainingStep>> = {
  dense: () => denseStep(14, [23, 37, 19, 5], 14 * 12),
  convolution: () => convolutionStep(3, 12, 3 * 12),
};

interface Training {
  readonly device: Device;
  readonly executable: Executable;
  /** Parameters, and the loss of the last step. */
  state(): readonly ArrayLike<number>[];
}

function begin({ step, values, parameters }: TrainingStep, device: Device): Training {
  const executable = device.compile(compile(step));
  for (const [tensor, data] of values) device.write(tensor, data);
  return { device, executable, state: () => [device.read(parameters), executable.read("loss")] };
}

interface Sharing {
  readonly pool: ThreadPool;
  readonly settings: ThreadSettings;
}

/** Everything that can be split is split. */
function sharing(threads: number, { patience = 5000, measured = false } = {}): Sharing {
  const pool = new ThreadPool();
  pools.push(pool);
  const rule = { step: 0, kernel: 0 };
  return { pool, settings: { threads, measured, rule, pool, patience } };
}

function threaded(...options: Parameters<typeof sharing>): { pool: ThreadPool; device: Device } {
  const { pool, settings } = sharing(...options);
  return { pool, device: openDevice({}, settings) };
}

const settled = (pool: ThreadPool) => vi.waitUntil(() => pool.isSettled, { timeout: 4000 });

/** What one thread makes of it. */
function alone(network: TrainingStep, steps: number): readonly ArrayLike<number>[] {
  const { executable, state } = begin(network, openDevice({}));
  executable.run(steps);
  return state();
}

for (const [name, network] of Object.entries(networks)) {
  test.for([2, 3])(`${name} network: %i threads give the bits of one`, async (threads) => {
    const { pool, device } = threaded(threads);
    const { executable, state } = begin(network(), device);
    await settled(pool);
    const start = vi.spyOn(pool, "start");
    executable.run(5);
    for (let i = 0; i < 5; i++) executable.run();
    expect(start).toHaveBeenCalledTimes(6);
    expect(start).toHaveBeenCalledWith(expect.objectContaining({ threads, steps: 5 }));
    const result = alone(network(), 10);
    expect(Array.from(result[0] ?? []).every(Number.isFinite)).toBe(true);
    expect(state()).toEqual(result);
  });
}

test("programs of one device take turns, also after its memory has grown", async () => {
  const network = denseStep(14, [23, 37, 19, 5], 14 * 12);
  const { pool, device } = threaded(2);
  const { executable, state } = begin(network, device);
  await settled(pool);
  executable.run(2);
  const other = begin(denseStep(64, [300, 40, 3], 6400), device);
  await settled(pool);
  other.executable.run(2);
  executable.run(2);
  expect(state()).toEqual(alone(network, 4));
});

test("the first steps are made by one thread, while workers start", async () => {
  const { pool, device } = threaded(2);
  const start = vi.spyOn(pool, "start");
  const { executable, state } = begin(networks.dense!(), device);
  executable.run(2);
  expect(start).not.toHaveBeenCalled();
  await settled(pool);
  executable.run(2);
  expect(start).toHaveBeenCalled();
  expect(state()).toEqual(alone(networks.dense!(), 4));
});

test("the code for threads is loaded for a step that can be shared, and one thread works until it is there", async () => {
  vi.resetModules();
  const fresh = await import("../device.js");
  const { threadCode } = await import("./load.js");
  const { pool, settings } = sharing(2);
  const start = vi.spyOn(pool, "start");
  const { executable, state } = begin(networks.dense!(), fresh.openDevice({}, settings));
  executable.run(2);
  expect(threadCode()).toBeUndefined();
  await vi.waitUntil(() => threadCode() !== undefined, { timeout: 4000 });
  executable.run(1);
  await settled(pool);
  executable.run(2);
  expect(start).toHaveBeenCalledTimes(1);
  expect(state()).toEqual(alone(networks.dense!(), 5));
});

test("a worker that dies unseen is an error and not a hang, and then one thread goes on", async () => {
  const { pool, device } = threaded(3, { patience: 100 });
  const { executable } = begin(networks.dense!(), device);
  await settled(pool);
  executable.run();
  // The event loop does not turn before the next step.
  void workers[1]?.terminate();
  expect(() => executable.run()).toThrow(ThreadError);
  expect(() => executable.run()).not.toThrow();
  await vi.waitUntil(() => workers.every(({ threadId }) => threadId === -1));
  const fresh = begin(networks.dense!(), device);
  fresh.executable.run(3);
  expect(fresh.state()[1]).toEqual(alone(networks.dense!(), 3)[1]);
});

test("a worker that fails in a step is an error at once", async () => {
  tamper = (letter) => {
    if (letter.workspace !== undefined) letter.workspace = -1024;
  };
  const { pool, device } = threaded(2, { patience: 60_000 });
  const { executable } = begin(networks.dense!(), device);
  await settled(pool);
  expect(() => executable.run()).toThrow(
    "[wasm] A worker thread failed in the middle of a step; what the step updates may be half written.",
  );
});

test("a worker that ends between two calls is not missed", async () => {
  const { pool, device } = threaded(2);
  const { executable, state } = begin(networks.dense!(), device);
  await settled(pool);
  executable.run(2);
  await workers[0]?.terminate();
  executable.run(2);
  expect(pool.isBroken).toBe(true);
  expect(state()).toEqual(alone(networks.dense!(), 4));
});

test("one thread does everything where workers are refused", () => {
  refuse = true;
  const { pool, device } = threaded(2);
  const { executable, state } = begin(networks.dense!(), device);
  executable.run(4);
  expect(pool.isBroken).toBe(true);
  expect(state()).toEqual(alone(networks.dense!(), 4));
});

test.for([
  ["SharedArrayBuffer", undefined],
  ["crossOriginIsolated", false],
] as const)("one thread does everything where %s is %s", ([name, value]) => {
  vi.stubGlobal(name, value);
  const { executable, state } = begin(networks.dense!(), wasmWith({ threads: 2 }).open());
  executable.run(4);
  expect(workers).toEqual([]);
  vi.unstubAllGlobals();
  expect(state()).toEqual(alone(networks.dense!(), 4));
});

test("short steps never ask for threads, however many there are", () => {
  const { executable } = begin(denseStep(4, [2, 8, 2], 4 * 4), wasmWith().open());
  for (let start = performance.now(); performance.now() - start < 60; ) executable.run(4);
  expect(workers).toEqual([]);
});

test("long steps are tried on one thread and on several, with the bits of one", async () => {
  const { pool, device } = threaded(2, { measured: true });
  const { executable, state } = begin(networks.dense!(), device);
  const start = vi.spyOn(pool, "start");
  executable.run(20);
  expect(workers).toEqual([]);
  let steps = 20;
  await vi.waitUntil(
    () => {
      executable.run(70);
      steps += 70;
      return start.mock.calls.length >= 3;
    },
    { timeout: 4000, interval: 1 },
  );
  expect(state()).toEqual(alone(networks.dense!(), steps));
});

test("workers end when a program that they know is garbage, and others go on with new ones", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { pool, device } = threaded(2);
  const { executable, state } = begin(networks.dense!(), device);
  executable.run(2);
  let other: Training | undefined = begin(denseStep(5, [7, 6, 3], 50), device);
  await settled(pool);
  other.executable.run();
  other = undefined;
  await vi.waitUntil(
    () => {
      collect();
      return workers.every(({ threadId }) => threadId === -1);
    },
    { timeout: 4000 },
  );
  expect(workers).toHaveLength(1);
  const start = vi.spyOn(pool, "start");
  executable.run(2);
  expect(start).not.toHaveBeenCalled();
  await settled(pool);
  executable.run(2);
  expect(start).toHaveBeenCalled();
  expect(workers).toHaveLength(2);
  expect(state()).toEqual(alone(networks.dense!(), 6));
});

test("the number of threads is checked", () => {
  for (const threads of [0, 1.5, -1]) {
    const open = () => (wasmWith({ threads }) satisfies Backend).open();
    expect(open).toThrow('[wasmWith] expected threads: "auto" or a whole number above 0');
  }
});
