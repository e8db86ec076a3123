import type { Tensor } from "@myelin/tensor";
import type { Program } from "./program.js";

/** A place where programs run. Two exist: `interpreter` (portable) and `wasm` of @myelin/backend-wasm. */
export interface Backend {
  readonly name: string;
  /** Opens the memory of one model; all programs of the model share it. */
  open(): Device;
}

export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** The memory of one model. Variables are parameter tensors; each is allocated (zeroed) when it is first mentioned. */
export interface Device {
  compile(program: Program): Executable;
  /** Writes a variable, or a part of it from `offset` (in elements) on. */
  write(variable: Tensor, values: ArrayLike<number>, offset?: number): void;
  /** A copy of a variable. */
  read(variable: Tensor): TypedArray;
  /** Gives a variable's memory back; programs that use it must not run again. */
  release(variable: Tensor): void;
}

export interface Executable {
  readonly program: Program;
  /** What the backend made of it, where it is a binary. */
  readonly bytes?: Uint8Array | undefined;
  write(input: string, values: ArrayLike<number>): void;
  /** Runs the program `steps` times (default 1). */
  run(steps?: number): void;
  /** A copy of an output. */
  read(output: string): TypedArray;
}
