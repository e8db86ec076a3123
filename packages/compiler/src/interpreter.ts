import { obtain, sizeOf, type Tensor } from "@myelin/tensor";
import type { Backend, Device, TypedArray } from "./backend.js";
import { accessBuffers, accessVariables } from "./device-access.js";
import { prepareProgram } from "./interpret-program.js";
import { arrayTypes, type StorageType } from "./program.js";

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
      return {
        ...accessBuffers(program, (buffer) => memory[buffer] as TypedArray),
        run(steps = 1) {
          for (let i = 0; i < steps; i++) step();
        },
      };
    },
    ...accessVariables(arrayOf),
    release(variable) {
      variables.delete(variable);
    },
  };
}
