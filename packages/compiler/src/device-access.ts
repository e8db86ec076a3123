import { ArgumentError, type Tensor, want } from "@myelin/tensor";
import type { Device, Executable, TypedArray } from "./backend.js";
import type { BufferId, Program } from "./program.js";

/** Reading and writing is alike in all backends, with what they refuse: names that a program does not have, and more than fits. */
export function accessBuffers(
  program: Program,
  arrayOf: (buffer: BufferId) => TypedArray,
): Pick<Executable, "program" | "write" | "read"> {
  const named = (names: Readonly<Record<string, BufferId>>, operation: string, name: string) => {
    if (Object.hasOwn(names, name)) return arrayOf(names[name] as BufferId);
    throw new ArgumentError(operation, `one of ${Object.keys(names).join(", ")}`, name);
  };
  return {
    program,
    write: (input, values) => copyInto(named(program.inputs, "write", input), values),
    read: (output) => named(program.outputs, "read", output).slice(),
  };
}

/** The same for variables. */
export function accessVariables(arrayOf: (variable: Tensor) => TypedArray): Pick<Device, "write" | "read"> {
  return {
    write: (variable, values, offset) => copyInto(arrayOf(variable), values, offset),
    read: (variable) => arrayOf(variable).slice(),
  };
}

/** Writes values from `offset` on. */
function copyInto(target: TypedArray, values: ArrayLike<number>, offset = 0): void {
  const end = offset + values.length;
  want(offset >= 0 && end <= target.length, "write", `at most ${target.length} elements`, end);
  target.set(values, offset);
}
