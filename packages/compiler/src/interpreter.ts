import { ArgumentError, sizeOf, type Tensor } from "@myelin/tensor";
import type { Backend, Device, Executable, TypedArray } from "./backend.js";
import { prepareProgram } from "./interpret-program.js";
import type { BufferId, BufferSpec, Program, StorageType } from "./program.js";

/** The portable backend: runs programs where WebAssembly is refused. */
export const interpreter: Backend = interpreterWith();

/**
 * `poison` fills the arena with NaN before every step (for i32 a huge number), except for inputs: a kernel that reads
 * what nobody wrote in this step shows. For tests.
 */
export function interpreterWith({ poison = false }: { readonly poison?: boolean } = {}): Backend {
  return { name: "interpreter", open: () => new InterpreterDevice(poison) };
}

class InterpreterDevice implements Device {
  private readonly variables = new Map<Tensor, TypedArray>();
  private readonly poison: boolean;
  /** One program runs at a time, so all use the same block, as long as it is big enough. */
  private arena = new ArrayBuffer(0);

  constructor(poison: boolean) {
    this.poison = poison;
  }

  compile(program: Program): Executable {
    if (this.arena.byteLength < program.scratchBytes) this.arena = new ArrayBuffer(program.scratchBytes);
    const arena = this.arena;
    const memory = program.buffers.map((spec) => this.arrayOf(spec, arena));
    const step = prepareProgram(program, memory);
    const array = (names: Readonly<Record<string, BufferId>>, operation: string, name: string) => {
      const buffer = Object.hasOwn(names, name) ? names[name] : undefined;
      if (buffer === undefined)
        throw new ArgumentError(operation, `one of ${Object.keys(names).join(", ")}`, name);
      return memory[buffer] as TypedArray;
    };
    return {
      program,
      write: (input, values) => copyInto(array(program.inputs, "write", input), values, 0),
      run: (steps = 1) => {
        for (let i = 0; i < steps; i++) {
          if (this.poison) spoil(arena, program);
          step();
        }
      },
      read: (output) => array(program.outputs, "read", output).slice(),
    };
  }

  write(variable: Tensor, values: ArrayLike<number>, offset = 0): void {
    copyInto(this.variable(variable), values, offset);
  }

  read(variable: Tensor): TypedArray {
    return this.variable(variable).slice();
  }

  release(variable: Tensor): void {
    this.variables.delete(variable);
  }

  private arrayOf({ place, dtype, elements }: BufferSpec, arena: ArrayBuffer): TypedArray {
    if (place.kind === "variable") return this.variable(place.variable);
    if (place.kind === "constant") return place.data;
    return new arrayTypes[dtype](arena, place.byteOffset, elements);
  }

  private variable(tensor: Tensor): TypedArray {
    let array = this.variables.get(tensor);
    if (array === undefined) {
      array = new arrayTypes[tensor.dtype as StorageType](sizeOf(tensor.shape));
      this.variables.set(tensor, array);
    }
    return array;
  }
}

const arrayTypes = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

function copyInto(target: TypedArray, values: ArrayLike<number>, offset: number): void {
  if (!(offset >= 0 && offset + values.length <= target.length)) {
    throw new ArgumentError("write", `at most ${target.length} elements`, offset + values.length);
  }
  target.set(values, offset);
}

/** A NaN as f32, 2,143,346,349 as i32. */
const POISON = 0x7fc0dead;

function spoil(arena: ArrayBuffer, { inputs, buffers, scratchBytes }: Program): void {
  const kept = Object.values(inputs).flatMap((input) => {
    const { place, dtype, elements } = buffers[input] as BufferSpec;
    if (place.kind !== "scratch") return [];
    const array = new arrayTypes[dtype](arena, place.byteOffset, elements);
    return [{ array, contents: array.slice() }];
  });
  new Int32Array(arena, 0, scratchBytes >> 2).fill(POISON);
  for (const { array, contents } of kept) array.set(contents);
}
