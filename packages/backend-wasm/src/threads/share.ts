import type { Program } from "@myelin/compiler";
import type { Expr, Func, Local, Statements } from "../assembler/index.js";
import type { Layout } from "../kernels/index.js";
import type { KernelFunction } from "../module.js";
import { emitBarrier } from "./barrier.js";
import { type Part, phasesOf, touchesOf } from "./phases.js";
import type { SharingRule } from "./settings.js";
import type { Toolbox } from "./toolbox.js";

/** What threads do together, and between what they wait for each other. */
export function phasesFor(
  program: Program,
  functions: readonly KernelFunction[],
  layout: Layout,
  rule: SharingRule,
  { workOf }: Toolbox,
): Part[][] {
  const parts = functions.map(
    (one, index): Part => ({
      index,
      units: one.units,
      split: one.units > 1 && workOf(one.kernel) >= rule.kernel,
      touches: touchesOf(one, program, layout),
    }),
  );
  return phasesOf(parts);
}

/**
 * A module beside that of the program: imports `host.memory`, `host.sleep(goal)` and the program's functions as `kernels`,
 * and exports `share(thread, threads, steps, arrived)`, which every thread calls with the number of arrivals so far. It runs
 * the steps, and returns when all threads are done.
 */
export function shareModule(phases: readonly Part[][], toolbox: Toolbox): Uint8Array<ArrayBuffer> {
  const { forRange, moduleBuilder, MOST_PAGES } = toolbox;
  const module = moduleBuilder();
  module.importMemory("host", "memory", { initial: 1, maximum: MOST_PAGES });
  const sleep = module.importFunction("host", "sleep", ["i32"], "void");
  const runs = phases
    .flat()
    .map(({ index }) => module.importFunction("kernels", String(index), ["i32", "i32"], "void"));
  const barrier = emitBarrier(module, sleep, toolbox);
  const share = module.function(
    "share",
    ["i32", "i32", "i32", "i32"],
    "void",
    (builder, thread, threads, steps, arrived) => [
      barrier.goal.set(arrived),
      forRange(
        builder.local("i32"),
        { to: steps },
        phases.map((phase) => [
          phase.map((part) => emitPart(part, runs[part.index] as KernelCall, thread, threads, toolbox)),
          barrier.function.call(threads),
        ]),
      ),
    ],
  );
  module.export("share", share);
  return module.toBytes();
}

type KernelCall = Func<["i32", "i32"], "void">;

function emitPart(
  { units, split }: Part,
  run: KernelCall,
  thread: Local<"i32">,
  threads: Local<"i32">,
  { i32, when }: Toolbox,
): Statements {
  const cut = (index: Expr<"i32">) => i32.div_u(i32.mul(index, i32.const(units)), threads);
  return split
    ? run.call(cut(thread), cut(i32.add(thread, i32.const(1))))
    : when(i32.eqz(thread), run.call(i32.const(0), i32.const(units)));
}
