import {
  accessBuffers,
  accessVariables,
  arrayTypes,
  type Backend,
  type Device,
  type Program,
  type StorageType,
  type TypedArray,
} from "@myelin/compiler";
import { obtain, sizeOf, type Tensor, want, withDefaults } from "@myelin/tensor";
import { openHeap } from "./heap.js";
import type { Layout } from "./kernels/index.js";
import { type CompiledModule, compileModule, type ModuleOptions } from "./module.js";
import { hasFusedArithmetic } from "./support.js";
import { loadThreads, threadCode } from "./threads/load.js";
import { type ThreadSettings, threadSettings } from "./threads/settings.js";
import { toolbox } from "./threads/toolbox.js";
import { stepWork } from "./threads/work.js";

export interface WasmOptions {
  /**
   * How many threads a step may use. `"auto"` (the default): up to 8, one per core, only for steps that are long enough, and
   * only after a measurement on real steps showed that they pay. A number: so many for every program with a kernel that can
   * be split. Results do not depend on it. One where workers may not share memory (a page needs cross-origin isolation).
   */
  readonly threads?: number | "auto" | undefined;
  /**
   * `"exact"` (the default): the same bits on every machine. `"fast"`: multiplications and additions may be rounded
   * together, as the machine likes best; like `"exact"` where the runtime has no relaxed SIMD.
   */
  readonly numerics?: "exact" | "fast" | undefined;
  /** Function names in the modules, for profilers and disassembly. Default false. */
  readonly names?: boolean | undefined;
}

/** Compiles programs to WebAssembly with 128-bit SIMD. Check `isWasmSupported()` first. */
export const wasm: Backend = wasmWith();

/** The same with options. Its name is "wasm fast" where `numerics: "fast"` has an effect, otherwise "wasm". */
export function wasmWith(options: WasmOptions = {}): Backend {
  const { threads, numerics, names } = withDefaults("wasmWith", options, {
    threads: "auto",
    numerics: "exact",
    names: false,
  });
  const isCount = Number.isInteger(threads) && (threads as number) > 0;
  want(threads === "auto" || isCount, "wasmWith", 'threads: "auto" or a whole number above 0', threads);
  const isFast = numerics === "fast";
  want(isFast || numerics === "exact", "wasmWith", 'numerics: "exact" or "fast"', numerics);
  const fused = isFast && hasFusedArithmetic();
  return {
    name: fused ? "wasm fast" : "wasm",
    open: () => openDevice({ fused, names }, threadSettings(threads)),
  };
}

/** A part of the memory. */
interface Region {
  readonly dtype: StorageType;
  readonly address: number;
  readonly elements: number;
  /** The last view of it: of no use once the memory has grown, which gives it another buffer. */
  view?: TypedArray;
}

/**
 * The memory of one model, as WebAssembly memory. Without `threads` it is not shared.
 *
 * @internal
 */
export function openDevice(options: ModuleOptions, threads?: ThreadSettings): Device {
  const heap = openHeap(threads !== undefined);
  const { memory, isShared } = heap;
  const sharing = isShared ? threads : undefined;
  const variables = new Map<Tensor, Region>();
  /** Programs of one model often have the same constants. */
  const constants = new Map<TypedArray, number>();

  /** A block that all programs use in turn; a new one for a program that it is too small for. */
  const growing = () => {
    let address = 0;
    let size = 0;
    return (bytes: number): number => {
      if (bytes > size) {
        address = heap.allocate(bytes);
        size = bytes;
      }
      return address;
    };
  };
  const scratch = growing();
  const shared = growing();
  /** One per thread; the first is the caller. */
  const workspaces = [growing()];

  const view = (region: Region): TypedArray => {
    const { dtype, address, elements } = region;
    const { buffer } = memory;
    if (region.view?.buffer !== buffer) region.view = new arrayTypes[dtype](buffer, address, elements);
    return region.view;
  };

  const variableOf = (tensor: Tensor): Region =>
    obtain(variables, tensor, () => {
      const dtype = tensor.dtype as StorageType;
      const elements = sizeOf(tensor.shape);
      const address = heap.allocate(elements * arrayTypes[dtype].BYTES_PER_ELEMENT);
      return { dtype, elements, address };
    });

  const constantOf = (data: TypedArray): number =>
    obtain(constants, data, () => {
      const address = heap.allocate(data.byteLength);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      new Uint8Array(memory.buffer).set(bytes, address);
      return address;
    });

  /** Makes a module ready to run: on one thread, and with others once their code is there. */
  const start = (program: Program, layout: Layout, compiled: CompiledModule): Run => {
    const { bytes, workspaceBytes, sharedBytes, functions } = compiled;
    const workspaceOf = (thread: number) => {
      workspaces[thread] ??= growing();
      return workspaces[thread](workspaceBytes);
    };
    const global = (value: number) => new WebAssembly.Global({ value: "i32", mutable: true }, value);
    const host = { memory, workspace: global(workspaceOf(0)), shared: global(shared(sharedBytes)) };
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { host });
    const alone = exports.run as Run;
    if (!sharing || !exports["0"]) return alone;
    const team = { program, layout, functions, module, exports, host, workspaceOf };
    const together = () => threadCode()?.shareSteps(sharing, team, toolbox);
    let run = together();
    if (!run) loadThreads().catch(() => {});
    return (steps) => {
      run ??= together();
      (run ?? alone)(steps);
    };
  };

  return {
    compile(program) {
      const base = scratch(program.scratchBytes);
      const regions = program.buffers.map(({ place, dtype, elements }): Region => {
        if (place.kind === "variable") return variableOf(place.variable);
        const address = place.kind === "constant" ? constantOf(place.data) : base + place.byteOffset;
        return { dtype, address, elements };
      });
      const layout = {
        addresses: regions.map(({ address }) => address),
        types: regions.map(({ dtype }) => dtype),
      };
      const exportKernels = sharing !== undefined && stepWork(program) >= sharing.rule.step;
      const compiled = compileModule(program, layout, { ...options, sharedMemory: isShared, exportKernels });
      const run = start(program, layout, compiled);
      return {
        ...accessBuffers(program, (buffer) => view(regions[buffer] as Region)),
        bytes: compiled.bytes,
        run: (steps = 1) => run(steps),
      };
    },
    ...accessVariables((variable) => view(variableOf(variable))),
    release(variable) {
      const region = variables.get(variable);
      if (!region) return;
      variables.delete(variable);
      heap.release(region.address);
    },
  };
}

type Run = (steps: number) => void;
