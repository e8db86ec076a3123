import type { Program } from "@myelin/compiler";
import { forRange, i32, ModuleBuilder } from "./assembler/index.js";
import { emitters, type Layout } from "./kernels/index.js";

export interface ModuleOptions {
  /** Whether `a * b + c` may be rounded once (relaxed SIMD): faster, but not the same on every machine. Default false. */
  readonly fused?: boolean;
  /** Function names, for profilers and disassembly. Default false. */
  readonly names?: boolean;
}

/** A program as one module: imports `host.memory`, `host.workspace`, `host.shared`; exports `run(steps)`. */
export interface CompiledModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Memory that a thread needs for itself, and that all threads share, where the two imported globals point. */
  readonly workspaceBytes: number;
  readonly sharedBytes: number;
}

/**
 * One function per kernel; a step calls them in order. The engine optimizes whole functions while others run, and never
 * one that is entered once, so the work is in functions that every step calls.
 */
export function compileModule(program: Program, layout: Layout, options: ModuleOptions = {}): CompiledModule {
  const module = new ModuleBuilder();
  module.importMemory("host", "memory", { initial: 1 });
  const workspace = module.importGlobal("host", "workspace", "i32");
  const shared = module.importGlobal("host", "shared", "i32");
  const context = { module, layout, fused: options.fused ?? false, workspace, shared };
  const functions = program.kernels.flatMap((kernel) => emitters[kernel.family](kernel, context));
  const run = module.function("run", ["i32"], "void", (builder, steps) => {
    const step = functions.map(({ run, units }) => run.call(i32.const(0), i32.const(units)));
    return forRange(builder.local("i32"), { to: steps.get() }, step);
  });
  module.export("run", run);
  const most = (bytes: (number | undefined)[]) => Math.max(0, ...bytes.map((count) => count ?? 0));
  return {
    bytes: module.toBytes({ names: options.names ?? false }),
    workspaceBytes: most(functions.map(({ workspaceBytes }) => workspaceBytes)),
    sharedBytes: most(functions.map(({ sharedBytes }) => sharedBytes)),
  };
}
