import type { Kernel, Program } from "@myelin/compiler";
import {
  type Expr,
  type Func,
  forRange,
  i32,
  type Local,
  type ModuleBuilder,
  type Statements,
  when,
} from "../assembler/index.js";
import type { EmittedFunction, Layout } from "../kernels/index.js";
import { emitBarrier } from "./barrier.js";
import { type Part, phasesOf, touchesOf } from "./phases.js";
import { workOf } from "./work.js";

/** What several threads are used for, in nanoseconds of one thread. */
export interface SharingRule {
  /** Shorter steps are never shared. */
  readonly step: number;
  /** Shorter kernels are not split: a barrier and foreign caches cost about a microsecond. */
  readonly kernel: number;
}

/** A kernel and the functions that it became. */
export interface EmittedKernel {
  readonly kernel: Kernel;
  readonly functions: readonly EmittedFunction[];
}

/** About how many nanoseconds a step takes on one thread. */
export function stepWork({ kernels }: Program): number {
  return kernels.reduce((sum, kernel) => sum + workOf(kernel), 0);
}

/** What threads do together, and between what they wait for each other. */
export function phasesFor(
  program: Program,
  emitted: readonly EmittedKernel[],
  layout: Layout,
  rule: SharingRule,
): Part[][] {
  const parts = emitted.flatMap(({ kernel, functions }) =>
    functions.map(
      (one): Part => ({
        emitted: one,
        split: one.units > 1 && workOf(kernel) >= rule.kernel,
        touches: touchesOf(kernel, program, layout, one),
      }),
    ),
  );
  return phasesOf(parts);
}

/**
 * `share(thread, threads, steps, arrived)`: called by every thread with the number of arrivals so far, runs the steps, and
 * returns when all threads are done.
 */
export function emitShare(
  module: ModuleBuilder,
  phases: readonly Part[][],
  sleep: Func<["i32"], "void">,
): Func<["i32", "i32", "i32", "i32"], "void"> {
  const barrier = emitBarrier(module, sleep);
  return module.function(
    "share",
    ["i32", "i32", "i32", "i32"],
    "void",
    (builder, thread, threads, steps, arrived) => [
      barrier.goal.set(arrived.get()),
      forRange(
        builder.local("i32"),
        { to: steps.get() },
        phases.map((phase) => [emitPhase(phase, thread, threads), barrier.function.call(threads.get())]),
      ),
    ],
  );
}

function emitPhase(phase: readonly Part[], thread: Local<"i32">, threads: Local<"i32">): Statements {
  const cut = (units: number, index: Expr<"i32">) =>
    i32.div_u(i32.mul(index, i32.const(units)), threads.get());
  return phase.map(({ emitted: { run, units }, split }) =>
    split
      ? run.call(cut(units, thread.get()), cut(units, i32.add(thread.get(), i32.const(1))))
      : when(i32.eqz(thread.get()), run.call(i32.const(0), i32.const(units))),
  );
}
