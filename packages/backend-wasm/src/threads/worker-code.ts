import { ARRIVED, SLEEPERS } from "./barrier.js";

/**
 * Cells that a worker and its owner share. The owner rings the bell after every change of its cells, so a worker that
 * sleeps until it rings misses nothing; the worker writes the last two.
 */
export const cell = {
  bell: 0,
  /** How many messages were posted. */
  posted: 1,
  /** How many calls were made; the other five say what is called. */
  calls: 2,
  program: 3,
  thread: 4,
  threads: 5,
  steps: 6,
  arrived: 7,
  /** How many messages were read. */
  received: 32,
  failed: 33,
} as const;

export const CELLS = 48;

/** So often a worker looks at the bell before it sleeps: about 100 us. */
const SPINS = 20_000;

/** What is posted to a worker: first the cells, then programs to make ready. */
export type Letter =
  | { readonly cells: Int32Array }
  | {
      readonly program: number;
      readonly module: WebAssembly.Module;
      readonly share: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
      readonly workspace: number;
      readonly shared: number;
    };

/**
 * What a worker runs, as text: a file of its own would have to be found by every bundler, and a function made into text may
 * refer to what a compiler put around it. Understood as a script and as a module, in Node and in browsers.
 *
 * While there are no messages, the worker does not return to its event loop, but sleeps until the bell rings.
 */
export const workerCode: string = `
const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");
const port = node?.parentPort ?? globalThis;
const programs = new Map();
let cells, received = 0, calls = 0;

const prepare = ({ program, module, share, memory, workspace, shared }) => {
  const seats = new Int32Array(memory.buffer);
  const sleep = (goal) => {
    Atomics.add(seats, ${SLEEPERS / 4}, 1);
    for (;;) {
      const arrived = Atomics.load(seats, ${ARRIVED / 4});
      if (((arrived - goal) | 0) >= 0) break;
      Atomics.wait(seats, ${ARRIVED / 4}, arrived);
    }
    Atomics.sub(seats, ${SLEEPERS / 4}, 1);
  };
  const global = (value) => new WebAssembly.Global({ value: "i32", mutable: true }, value);
  const host = { memory, sleep, workspace: global(workspace), shared: global(shared) };
  const kernels = new WebAssembly.Instance(module, { host }).exports;
  programs.set(program, new WebAssembly.Instance(share, { host, kernels }).exports.share);
};

const serve = () => {
  for (;;) {
    const bell = Atomics.load(cells, ${cell.bell});
    if (Atomics.load(cells, ${cell.posted}) !== received) return;
    if (Atomics.load(cells, ${cell.calls}) !== calls) {
      calls = (calls + 1) | 0;
      const [program, thread, threads, steps, arrived] = cells.subarray(${cell.program}, ${cell.arrived + 1});
      programs.get(program)(thread, threads, steps, arrived);
    } else {
      for (let i = 0; i < ${SPINS} && Atomics.load(cells, ${cell.bell}) === bell; i++);
      Atomics.wait(cells, ${cell.bell}, bell);
    }
  }
};

port.onmessage = ({ data }) => {
  try {
    if (data.cells) cells = data.cells;
    else prepare(data);
    received = (received + 1) | 0;
    Atomics.store(cells, ${cell.received}, received);
    serve();
  } catch (error) {
    if (cells) Atomics.store(cells, ${cell.failed}, 1);
    throw error;
  }
};
`;
