/** A program for a test: makes steps on two threads until workers take part, says so, and has nothing more to do. */
import { compile } from "@myelin/compiler";
import { openDevice } from "../device.js";
import { loadThreads } from "../threads/load.js";
import { ThreadPool } from "../threads/pool.js";
import { denseStep } from "./training-steps.js";

class CountingPool extends ThreadPool {
  calls = 0;

  override start(...call: Parameters<ThreadPool["start"]>): void {
    this.calls++;
    super.start(...call);
  }
}

const pool = new CountingPool();
const rule = { step: 0, kernel: 0 };
const device = openDevice({}, { threads: 2, measured: false, rule, pool, patience: 5000 });
const { step, values } = denseStep(14, [23, 37, 19, 5], 14 * 12);
const executable = device.compile(compile(step));
for (const [tensor, data] of values) device.write(tensor, data);
await loadThreads();
// From here on the event loop does not turn: workers get ready by themselves.
const end = performance.now() + 5000;
while (pool.calls < 3 && performance.now() < end) executable.run();
globalThis.console.log(pool.calls >= 3 ? "together" : "alone");
