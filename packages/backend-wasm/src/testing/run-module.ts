import type { BufferSpec, Kernel, Program, StorageType, TypedArray } from "@myelin/compiler";
import type { Layout } from "../kernels/index.js";
import { type CompiledModule, compileModule, type ModuleOptions } from "../module.js";

const PAGE = 65536;
/** A NaN as f32, 2,143,346,349 as i32: what nobody wrote. */
const POISON = 0x7fc0dead;

/** A program of these kernels over these arrays, one per buffer. */
export function programOf(kernels: readonly Kernel[], arrays: readonly TypedArray[]): Program {
  const dtype = (array: TypedArray): StorageType =>
    array instanceof Float32Array ? "f32" : array instanceof Int32Array ? "i32" : "u8";
  const buffers = arrays.map(
    (data, i): BufferSpec => ({
      name: `b${i}`,
      dtype: dtype(data),
      shape: [data.length],
      elements: data.length,
      place: { kind: "constant", data },
    }),
  );
  return { name: "test", buffers, kernels, scratchBytes: 0, inputs: {}, outputs: {} };
}

export interface ModuleRun {
  /** The contents of the buffers afterwards. */
  readonly arrays: TypedArray[];
  readonly bytes: Uint8Array;
  /** Whether all memory that is neither a buffer nor workspace is as it was. */
  readonly untouched: boolean;
}

/** Runs a program in a memory full of poison, and looks for writes outside of the buffers. */
export function runModule(
  program: Program,
  arrays: readonly TypedArray[],
  options: ModuleOptions = {},
): ModuleRun {
  return runInPoison(program, arrays, (layout) => ({
    ...compileModule(program, layout, options),
    run: (exports) => (exports.run as (steps: number) => void)(1),
  }));
}

/** The same, with every kernel cut into its units, which run in reverse order. */
export function runInUnits(program: Program, arrays: readonly TypedArray[]): ModuleRun {
  return runInPoison(program, arrays, (layout) => {
    const compiled = compileModule(program, layout, { exportKernels: true });
    const run = (exports: WebAssembly.Exports): void => {
      compiled.functions.forEach(({ units }, i) => {
        const part = exports[String(i)] as (begin: number, end: number) => void;
        for (let unit = units - 1; unit >= 0; unit--) part(unit, unit + 1);
      });
    };
    return { ...compiled, run };
  });
}

interface Runnable extends CompiledModule {
  run(exports: WebAssembly.Exports): void;
}

function runInPoison(
  program: Program,
  arrays: readonly TypedArray[],
  compile: (layout: Layout) => Runnable,
): ModuleRun {
  let end = PAGE;
  const place = (bytes: number) => {
    const address = end;
    end = Math.ceil((end + bytes + 64) / 64) * 64;
    return address;
  };
  const addresses = arrays.map(({ byteLength }) => place(byteLength));
  const types = program.buffers.map(({ dtype }) => dtype);
  const { bytes, workspaceBytes, sharedBytes, run } = compile({ addresses, types });
  const workspace = place(workspaceBytes);
  const shared = place(sharedBytes);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  new Int32Array(memory.buffer).fill(POISON);
  const all = new Uint8Array(memory.buffer);
  const bytesOf = (array: TypedArray) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  arrays.forEach((array, i) => {
    all.set(bytesOf(array), addresses[i]);
  });
  const global = (value: number) => new WebAssembly.Global({ value: "i32", mutable: true }, value);
  const host = { memory, workspace: global(workspace), shared: global(shared) };
  run(new WebAssembly.Instance(new WebAssembly.Module(bytes), { host }).exports);

  const results = arrays.map((array, i) => {
    const result = array.slice();
    bytesOf(result).set(all.subarray(addresses[i], (addresses[i] as number) + array.byteLength));
    return result;
  });
  // Put poison back where writing is allowed; then it must be everywhere.
  const poison = new Uint8Array(Int32Array.of(POISON).buffer);
  const restore = (from: number, length: number) => {
    for (let at = from; at < from + length; at++) all[at] = poison[at % 4] as number;
  };
  arrays.forEach(({ byteLength }, i) => {
    restore(addresses[i] as number, byteLength);
  });
  restore(workspace, workspaceBytes);
  restore(shared, sharedBytes);
  return {
    arrays: results,
    bytes,
    untouched: new Int32Array(memory.buffer).every((word) => word === POISON),
  };
}
