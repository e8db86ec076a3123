import type {
  Backend,
  BufferId,
  BufferSpec,
  Device,
  Executable,
  Program,
  StorageType,
  TypedArray,
} from "@myelin/compiler";
import { ArgumentError, sizeOf, type Tensor } from "@myelin/tensor";
import { Heap } from "./heap.js";
import type { Layout } from "./kernels/index.js";
import { type CompiledModule, compileModule, type ModuleOptions } from "./module.js";
import { hasFusedArithmetic } from "./support.js";
import { loadThreads, threadCode } from "./threads/load.js";
import { type ThreadSettings, threadSettings } from "./threads/settings.js";
import { stepWork } from "./threads/work.js";

export interface WasmOptions {
  /**
   * How many threads a step may use. `"auto"` (the default): up to 8, one per core, only for steps that are long enough, and
   * only after a measurement on real steps showed that they pay. A number: so many for every program with a kernel that can
   * be split. Results do not depend on it. One where workers may not share memory (a page needs cross-origin isolation).
   */
  readonly threads?: number | "auto";
  /**
   * `"exact"` (the default): the same bits on every machine. `"fast"`: multiplications and additions may be rounded
   * together, as the machine likes best; like `"exact"` where the runtime has no relaxed SIMD.
   */
  readonly numerics?: "exact" | "fast";
  /** Function names in the modules, for profilers and disassembly. Default false. */
  readonly names?: boolean;
}

/** Compiles programs to WebAssembly with 128-bit SIMD. Check `isWasmSupported()` first. */
export const wasm: Backend = wasmWith();

/** The same with options. Its name is "wasm fast" where `numerics: "fast"` has an effect, otherwise "wasm". */
export function wasmWith({ threads = "auto", numerics = "exact", names = false }: WasmOptions = {}): Backend {
  const fused = numerics === "fast" && hasFusedArithmetic();
  return {
    name: fused ? "wasm fast" : "wasm",
    open: () => new WasmDevice({ fused, names }, threadSettings(threads)),
  };
}

/** A typed view of a part of the memory; the memory may grow, so a view is taken for each use. */
interface Region {
  readonly dtype: StorageType;
  readonly address: number;
  readonly elements: number;
}

/** A block that all programs of a device use in turn, or a new one where it is too small. */
interface Block {
  address: number;
  bytes: number;
}

/** The memory of one model, as WebAssembly memory. */
export class WasmDevice implements Device {
  private readonly options: ModuleOptions;
  private readonly threads: ThreadSettings | undefined;
  private readonly heap: Heap;
  private readonly variables = new Map<Tensor, Region>();
  private readonly constants = new Map<TypedArray, number>();
  private readonly scratch: Block = { address: 0, bytes: 0 };
  private readonly workspace: Block = { address: 0, bytes: 0 };
  private readonly shared: Block = { address: 0, bytes: 0 };
  /** Of threads but the first. */
  private readonly workspaces: Block[] = [];

  constructor(options: ModuleOptions, threads?: ThreadSettings) {
    this.heap = new Heap({ shared: threads !== undefined });
    this.threads = this.heap.isShared ? threads : undefined;
    this.options = { ...options, sharedMemory: this.heap.isShared };
  }

  compile(program: Program): Executable {
    const scratch = this.block(this.scratch, program.scratchBytes);
    const regions = program.buffers.map((spec) => this.regionOf(spec, scratch));
    const layout = {
      addresses: regions.map(({ address }) => address),
      types: regions.map(({ dtype }) => dtype),
    };
    const threads = this.threads !== undefined && stepWork(program) >= this.threads.rule.step;
    const compiled = compileModule(program, layout, { ...this.options, exportKernels: threads });
    const { bytes } = compiled;
    const run = this.start(program, layout, compiled);
    const region = (names: Readonly<Record<string, BufferId>>, operation: string, name: string) => {
      const buffer = Object.hasOwn(names, name) ? names[name] : undefined;
      if (buffer === undefined)
        throw new ArgumentError(operation, `one of ${Object.keys(names).join(", ")}`, name);
      return regions[buffer] as Region;
    };
    return {
      program,
      bytes,
      write: (input, values) => this.copyInto(region(program.inputs, "write", input), values, 0),
      run: (steps = 1) => run(steps),
      read: (output) => this.view(region(program.outputs, "read", output)).slice(),
    };
  }

  write(variable: Tensor, values: ArrayLike<number>, offset = 0): void {
    this.copyInto(this.variable(variable), values, offset);
  }

  read(variable: Tensor): TypedArray {
    return this.view(this.variable(variable)).slice();
  }

  release(variable: Tensor): void {
    const region = this.variables.get(variable);
    if (region === undefined) return;
    this.variables.delete(variable);
    this.heap.release(region.address);
  }

  /** Makes a module ready to run: on one thread, and with others once their code is there. */
  private start(program: Program, layout: Layout, compiled: CompiledModule): (steps: number) => void {
    const { bytes, workspaceBytes, sharedBytes, functions } = compiled;
    const global = (value: number) => new WebAssembly.Global({ value: "i32", mutable: true }, value);
    const { memory } = this.heap;
    const workspace = global(this.block(this.workspace, workspaceBytes));
    const shared = global(this.block(this.shared, sharedBytes));
    const host = { memory, workspace, shared };
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { host });
    const alone = exports.run as (steps: number) => void;
    const { threads } = this;
    if (threads === undefined || exports["0"] === undefined) return alone;
    const workspacesFor = (count: number) =>
      Array.from({ length: count - 1 }, (_, i) => this.block(this.workspaceOf(i), workspaceBytes));
    const together = () =>
      threadCode()?.shareSteps(threads, {
        program,
        layout,
        functions,
        module,
        exports,
        host,
        workspacesFor,
      });
    let run = together();
    if (run === undefined) loadThreads().catch(() => {});
    return (steps) => {
      run ??= together();
      (run ?? alone)(steps);
    };
  }

  private regionOf({ place, dtype, elements }: BufferSpec, scratch: number): Region {
    if (place.kind === "variable") return this.variable(place.variable);
    const address = place.kind === "constant" ? this.constant(place.data) : scratch + place.byteOffset;
    return { dtype, address, elements };
  }

  private variable(tensor: Tensor): Region {
    let region = this.variables.get(tensor);
    if (region === undefined) {
      const dtype = tensor.dtype as StorageType;
      const elements = sizeOf(tensor.shape);
      region = { dtype, elements, address: this.heap.allocate(elements * arrays[dtype].BYTES_PER_ELEMENT) };
      this.variables.set(tensor, region);
    }
    return region;
  }

  /** Programs of one model often share their constants. */
  private constant(data: TypedArray): number {
    let address = this.constants.get(data);
    if (address === undefined) {
      address = this.heap.allocate(data.byteLength);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      new Uint8Array(this.heap.memory.buffer).set(bytes, address);
      this.constants.set(data, address);
    }
    return address;
  }

  private workspaceOf(worker: number): Block {
    this.workspaces[worker] ??= { address: 0, bytes: 0 };
    return this.workspaces[worker];
  }

  private block(block: Block, bytes: number): number {
    if (bytes > block.bytes) {
      block.address = this.heap.allocate(bytes);
      block.bytes = bytes;
    }
    return block.address;
  }

  private view({ dtype, address, elements }: Region): TypedArray {
    return new arrays[dtype](this.heap.memory.buffer, address, elements);
  }

  private copyInto(region: Region, values: ArrayLike<number>, offset: number): void {
    if (!(offset >= 0 && offset + values.length <= region.elements))
      throw new ArgumentError("write", `at most ${region.elements} elements`, offset + values.length);
    this.view(region).set(values, offset);
  }
}

const arrays = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;
