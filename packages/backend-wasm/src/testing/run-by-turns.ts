import { arrayTypes, type Program, type TypedArray } from "@myelin/compiler";
import type { Tensor } from "@myelin/tensor";
import { compileModule } from "../module.js";
import { phasesFor } from "../threads/share.js";
import { toolbox } from "../threads/toolbox.js";

const PAGE = 65536;
const SPARE = 64;

/**
 * Runs one step as several threads would, and returns all variables and outputs: in each phase the last thread does its share
 * of every part before the one in front of it begins. Threads that hand something over within a phase give themselves away
 * every time, which they rarely do when they run side by side.
 */
export function runByTurns(
  program: Program,
  values: ReadonlyMap<Tensor, ArrayLike<number>>,
  threads: number,
): TypedArray[] {
  let end = PAGE;
  const place = (bytes: number) => {
    const address = end;
    end = Math.ceil((end + bytes + SPARE) / SPARE) * SPARE;
    return address;
  };
  const scratch = place(program.scratchBytes);
  const addresses = program.buffers.map(({ place: where, elements, dtype }) =>
    where.kind === "scratch"
      ? scratch + where.byteOffset
      : place(elements * arrayTypes[dtype].BYTES_PER_ELEMENT),
  );
  const layout = { addresses, types: program.buffers.map(({ dtype }) => dtype) };
  const compiled = compileModule(program, layout, { exportKernels: true });
  const workspaces = Array.from({ length: threads }, () => place(compiled.workspaceBytes));
  const shared = place(compiled.sharedBytes);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  // What nobody wrote is NaN.
  new Int32Array(memory.buffer).fill(-1);
  const views = program.buffers.map(
    ({ dtype, elements }, i) => new arrayTypes[dtype](memory.buffer, addresses[i], elements),
  );
  program.buffers.forEach(({ place: where }, i) => {
    if (where.kind === "constant") views[i]?.set(where.data);
    if (where.kind === "variable") views[i]?.set(values.get(where.variable) as ArrayLike<number>);
  });

  const global = (value: number) => new WebAssembly.Global({ value: "i32", mutable: true }, value);
  const host = { memory, workspace: global(0), shared: global(shared) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(compiled.bytes), { host });
  const rule = { step: 0, kernel: 0 };
  for (const phase of phasesFor(program, compiled.functions, layout, rule, toolbox)) {
    for (let thread = threads - 1; thread >= 0; thread--) {
      host.workspace.value = workspaces[thread] as number;
      const cut = (units: number, at: number) => Math.floor((at * units) / threads);
      for (const { index, units, split } of phase) {
        const part = exports[String(index)] as (begin: number, end: number) => void;
        if (split) part(cut(units, thread), cut(units, thread + 1));
        else if (thread === 0) part(0, units);
      }
    }
  }
  const outputs = Object.values(program.outputs);
  return views
    .filter((_, i) => program.buffers[i]?.place.kind === "variable" || outputs.includes(i))
    .map((view) => view.slice());
}
