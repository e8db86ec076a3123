import { obtain, sizeOf, type Tensor } from "@myelin/tensor";
import type { Backend, Device, TypedArray } from "./backend.js";
import { bufferNamed, copyInto } from "./device-access.js";
import { prepareProgram } from "./interpret-program.js";
import { arrayTypes, type BufferId, type StorageType } from "./program.js";

/** The portable backend: runs programs where WebAssembly is refused. */
export const interpreter: Backend = { name: "interpreter", open };

function open(): Device {
  const variables = new Map<Tensor, TypedArray>();
  /** One program runs at a time, so all use the same block, as long as it is big enough. */
  let arena = new ArrayBuffer(0);
  const arrayOf = (variable: Tensor): TypedArray =>
    obtain(variables, variable, () => new arrayTypes[variable.dtype as StorageType](sizeOf(variable.shape)));
  return {
    compile(program) {
      if (arena.byteLength < program.scratchBytes) arena = new ArrayBuffer(program.scratchBytes);
      const memory = program.buffers.map(({ place, dtype, elements }) => {
        if (place.kind === "variable") return arrayOf(place.variable);
        return place.kind === "constant"
          ? place.data
          : new arrayTypes[dtype](arena, place.byteOffset, elements);
      });
      const step = prepareProgram(program, memory);
      const named = (names: Readonly<Record<string, BufferId>>, operation: string, name: string) =>
        memory[bufferNamed(names, operation, name)] as TypedArray;
      return {
        program,
        write: (input, values) => copyInto(named(program.inputs, "write", input), values),
        run(steps = 1) {
          for (let i = 0; i < steps; i++) step();
        },
        read: (output) => named(program.outputs, "read", output).slice(),
      };
    },
    write: (variable, values, offset) => copyInto(arrayOf(variable), values, offset),
    read: (variable) => arrayOf(variable).slice(),
    release(variable) {
      variables.delete(variable);
    },
  };
}
