import type { Program } from "@myelin/compiler";
import { forRange, i32, ModuleBuilder } from "./assembler/index.js";
import { emitters, type Layout } from "./kernels/index.js";
import { emitShare, phasesFor, type SharingRule, stepWork } from "./threads/share.js";

export interface ModuleOptions {
  /** Whether `a * b + c` may be rounded once (relaxed SIMD): faster, but not the same on every machine. Default false. */
  readonly fused?: boolean;
  /** Function names, for profilers and disassembly. Default false. */
  readonly names?: boolean;
  /** Whether the memory that it imports is a shared one. Default false. */
  readonly sharedMemory?: boolean;
  /** What threads may share; nothing when absent. Needs a shared memory. */
  readonly sharing?: SharingRule | undefined;
}

/**
 * A program as one module: imports `host.memory`, `host.workspace`, `host.shared`; exports `run(steps)`. One that threads
 * can share also imports `host.sleep(goal)` and exports `share(thread, threads, steps, arrived)`; see threads/share.ts.
 */
export interface CompiledModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Memory that a thread needs for itself, and that all threads share, where the two imported globals point. */
  readonly workspaceBytes: number;
  readonly sharedBytes: number;
  /** How many threads can have a part of the work: 1 when `share` is not there. */
  readonly mostThreads?: number;
}

/** Pages: all that 32-bit addresses reach. */
const MOST_PAGES = 65536;

/**
 * One function per kernel; a step calls them in order. The engine optimizes whole functions while others run, and never
 * one that is entered once, so the work is in functions that every step calls.
 */
export function compileModule(program: Program, layout: Layout, options: ModuleOptions = {}): CompiledModule {
  const { fused = false, names = false, sharedMemory = false, sharing } = options;
  const module = new ModuleBuilder();
  const limits = sharedMemory ? { initial: 1, maximum: MOST_PAGES, shared: true } : { initial: 1 };
  module.importMemory("host", "memory", limits);
  const workspace = module.importGlobal("host", "workspace", "i32");
  const shared = module.importGlobal("host", "shared", "i32");
  const shares = sharing !== undefined && stepWork(program) >= sharing.step;
  const sleep = shares ? module.importFunction("host", "sleep", ["i32"], "void") : undefined;
  const context = { module, layout, fused, workspace, shared };
  const emitted = program.kernels.map((kernel) => ({
    kernel,
    functions: emitters[kernel.family](kernel, context),
  }));
  const functions = emitted.flatMap((each) => each.functions);
  const run = module.function("run", ["i32"], "void", (builder, steps) => {
    const step = functions.map(({ run, units }) => run.call(i32.const(0), i32.const(units)));
    return forRange(builder.local("i32"), { to: steps.get() }, step);
  });
  module.export("run", run);
  const most = (numbers: (number | undefined)[]) => Math.max(0, ...numbers.map((one) => one ?? 0));
  let mostThreads = 1;
  if (shares && sleep !== undefined) {
    const phases = phasesFor(program, emitted, layout, sharing);
    module.export("share", emitShare(module, phases, sleep));
    mostThreads = most(phases.flat().map(({ split, emitted: { units } }) => (split ? units : 1)));
  }
  return {
    bytes: module.toBytes({ names }),
    workspaceBytes: most(functions.map(({ workspaceBytes }) => workspaceBytes)),
    sharedBytes: most(functions.map(({ sharedBytes }) => sharedBytes)),
    mostThreads,
  };
}
