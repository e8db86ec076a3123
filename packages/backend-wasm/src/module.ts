import type { Kernel, Program } from "@myelin/compiler";
import { forRange, i32, moduleBuilder } from "./assembler/index.js";
import { emitters, type Layout } from "./kernels/index.js";

/** All that 32-bit addresses reach. */
export const MOST_PAGES = 65536;

export interface ModuleOptions {
  /** Whether `a * b + c` may be rounded once (relaxed SIMD): faster, but not the same on every machine. Default false. */
  readonly fused?: boolean;
  /** Function names, for profilers and disassembly. Default false. */
  readonly names?: boolean;
  /** Whether the memory that it imports is a shared one. Default false. */
  readonly sharedMemory?: boolean;
  /** Whether functions of kernels are exported as "0", "1", ..., for threads that share the work. Default false. */
  readonly exportKernels?: boolean;
}

/** A program as one module: imports `host.memory`, `host.workspace`, `host.shared`; exports `run(steps)`. */
export interface CompiledModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Memory that a thread needs for itself, and that all threads share, where the two imported globals point. */
  readonly workspaceBytes: number;
  readonly sharedBytes: number;
  /** In the order in which a step calls them. */
  readonly functions: readonly KernelFunction[];
}

/** A function of a kernel: called with a range of its units, which may be cut anywhere. */
export interface KernelFunction {
  readonly kernel: Kernel;
  readonly units: number;
  readonly sharedBytes: number;
}

/**
 * One function per kernel; a step calls them in order. The engine optimizes whole functions while others run, and never
 * one that is entered once, so the work is in functions that every step calls.
 */
export function compileModule(
  { kernels }: Program,
  layout: Layout,
  { fused = false, names = false, sharedMemory = false, exportKernels = false }: ModuleOptions = {},
): CompiledModule {
  const module = moduleBuilder();
  module.importMemory("host", "memory", { initial: 1, maximum: sharedMemory ? MOST_PAGES : undefined });
  const workspace = module.importGlobal("host", "workspace", "i32");
  const shared = module.importGlobal("host", "shared", "i32");
  const context = { module, layout, fused, workspace, shared };
  const functions = kernels.flatMap((kernel) =>
    emitters[kernel.family](kernel, context).map(({ workspaceBytes = 0, sharedBytes = 0, ...emitted }) => ({
      ...emitted,
      kernel,
      workspaceBytes,
      sharedBytes,
    })),
  );
  const run = module.function("run", ["i32"], "void", (builder, steps) => {
    const step = functions.map(({ run, units }) => run.call(i32.const(0), i32.const(units)));
    return forRange(builder.local("i32"), { to: steps }, step);
  });
  module.export("run", run);
  if (exportKernels)
    functions.forEach(({ run }, i) => {
      module.export(String(i), run);
    });
  return {
    bytes: module.toBytes({ names }),
    workspaceBytes: Math.max(0, ...functions.map(({ workspaceBytes }) => workspaceBytes)),
    sharedBytes: Math.max(0, ...functions.map(({ sharedBytes }) => sharedBytes)),
    functions,
  };
}
