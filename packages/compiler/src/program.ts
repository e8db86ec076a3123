import type { DType, Tensor } from "@myelin/tensor";

/**
 * A Program is one step, ready for a backend: kernels in execution order over buffers whose places are fixed.
 * `interpretProgram` (beside this file) defines what every part of it means.
 */
export interface Program {
  readonly name: string;
  readonly buffers: readonly BufferSpec[];
  /** One step runs all kernels once, in this order. */
  readonly kernels: readonly Kernel[];
  /** Bytes of the scratch arena, spare bytes after every buffer included. */
  readonly scratchBytes: number;
  /** Buffers that JavaScript writes before a run, by name. They keep their contents for all steps of the run. */
  readonly inputs: Readonly<Record<string, BufferId>>;
  /** Buffers that JavaScript may read after a run, by name. */
  readonly outputs: Readonly<Record<string, BufferId>>;
}

/** Index into `Program.buffers`. */
export type BufferId = number;

/** What memory can hold; `bool` exists only inside a kernel. */
export type StorageType = Exclude<DType, "bool">;

export const arrayTypes: {
  readonly f32: typeof Float32Array;
  readonly i32: typeof Int32Array;
  readonly u8: typeof Uint8Array;
} = { f32: Float32Array, i32: Int32Array, u8: Uint8Array };

export interface BufferSpec {
  readonly name: string;
  readonly dtype: StorageType;
  /** For people who read a printed program; kernels address by strides alone. */
  readonly shape: readonly number[];
  readonly elements: number;
  readonly place: Place;
}

export type Place =
  /** Lives as long as the model and is shared by all of its programs: parameters, optimizer slots, data sets, counters. */
  | { readonly kind: "variable"; readonly variable: Tensor }
  /** Never written by a kernel. */
  | { readonly kind: "constant"; readonly data: Float32Array | Int32Array | Uint8Array }
  /** A range of the arena, valid between its first writer and its last reader (inputs and outputs: always). */
  | { readonly kind: "scratch"; readonly byteOffset: number };

/** Every buffer starts at a multiple of this many bytes. */
export const ALIGNMENT = 64;
/** Unused bytes behind every buffer, so that a full vector load at its end reads mapped memory that nobody owns. */
export const SPARE_BYTES = 64;

/** What a buffer of so many bytes takes up. */
export function spaceFor(bytes: number): number {
  return Math.ceil((bytes + SPARE_BYTES) / ALIGNMENT) * ALIGNMENT;
}

/**
 * A kernel is a loop nest over `extents` (outermost first) that evaluates `body` and performs `stores`.
 *
 * - `map`: every body value is a function of the position. No `reduce`.
 * - `row`: the last extent is reduced. A value that depends on the last index is an *element* value; `reduce` turns an
 *   element value into a *row* value (one per position of the other extents), which later element values may use
 *   (softmax: maximum, then sum, then quotient). Stores of element values have one address per element, stores of row
 *   values are performed once per row.
 * - `column`: the second-last extent is reduced, one result per position of the others: extents [...outer, reduced, inner].
 *   `reduce` turns an element value into a *column* value. Nothing at element level may use a column value.
 * - `contraction`: extents [...rows, columns] (the last extent is the column index n); the body starts from `accumulator`,
 *   the sum over `contraction.extents` of left x right, in ascending (row-major) order by one accumulator per element.
 *
 * Within one kernel a buffer that is both loaded and stored is accessed at the same address at each position
 * (update in place), so the order of positions does not matter, except for `accumulate` stores (see `Store`).
 */
export interface Kernel {
  readonly family: "map" | "row" | "column" | "contraction";
  readonly extents: readonly number[];
  readonly body: readonly Instruction[];
  readonly stores: readonly Store[];
  /** Present exactly when family is "contraction". */
  readonly contraction?: Contraction | undefined;
  /** Where this came from: paths in the model and public operations, for `explain` and profiles. */
  readonly origins: readonly string[];
}

/** Index into `Kernel.body`; an instruction uses only values before it. */
export type Value = number;

/** What a value is while the kernel runs. `u8` is widened to `i32` by its load. */
export type ValueType = "f32" | "i32" | "bool";

/** element index = offset + sum over extents of index x stride [+ value of `indirect` x its stride]. In elements, not bytes. */
export interface Address {
  readonly buffer: BufferId;
  readonly offset: number;
  /** One stride per extent of the kernel; 0 broadcasts, negative walks backwards. */
  readonly strides: readonly number[];
  /** A data-dependent row: gather in loads, scatter in stores. The value is `i32` and was checked to lie in the buffer. */
  readonly indirect?: { readonly value: Value; readonly stride: number };
}

export type UnaryOperation =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "erfc"
  | "sin"
  | "cos"
  | "floor"
  | "negate"
  | "absolute";
export type BinaryOperation = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum";
export type Comparison = "less" | "lessOrEqual" | "equal";

export type Instruction =
  | { readonly op: "constant"; readonly type: ValueType; readonly value: number }
  /** i32: offset + sum of index x stride. */
  | {
      readonly op: "index";
      readonly type: "i32";
      readonly offset: number;
      readonly strides: readonly number[];
    }
  | { readonly op: "load"; readonly type: "f32" | "i32"; readonly address: Address }
  | { readonly op: UnaryOperation; readonly type: "f32" | "i32"; readonly input: Value }
  /** Operands have the result's type. Integers wrap; integer division truncates; maximum and minimum pass NaN. */
  | {
      readonly op: BinaryOperation;
      readonly type: "f32" | "i32";
      readonly left: Value;
      readonly right: Value;
    }
  | {
      readonly op: "compare";
      readonly type: "bool";
      readonly comparison: Comparison;
      readonly left: Value;
      readonly right: Value;
    }
  | {
      readonly op: "select";
      readonly type: ValueType;
      readonly condition: Value;
      readonly then: Value;
      readonly otherwise: Value;
    }
  /** f32 to i32 truncates and saturates (NaN becomes 0); bool to f32 or i32 gives 1 and 0. */
  | { readonly op: "cast"; readonly type: "f32" | "i32"; readonly input: Value }
  /** Uniform f32 in [0, 1): `uniform(seed, stream, element, step)` of @myelin/tensor's counter-based generator. All operands i32. */
  | {
      readonly op: "random";
      readonly type: "f32";
      readonly stream: number;
      readonly seed: Value;
      readonly stepLow: Value;
      readonly stepHigh: Value;
      readonly element: Value;
    }
  /** Only in `row` and `column` kernels. The order of additions depends on the reduced extent only. */
  | {
      readonly op: "reduce";
      readonly type: "f32" | "i32";
      readonly reduction: "sum" | "maximum";
      readonly input: Value;
    }
  /** Only in `contraction` kernels. */
  | { readonly op: "accumulator"; readonly type: "f32" };

export interface Store {
  readonly address: Address;
  readonly value: Value;
  /**
   * Adds to memory instead of replacing it; only in `map` kernels with one store. Positions that differ only in the last
   * extent never collide, others may, so they are visited in row-major order. (Threads split the last extent, where no step
   * along another extent leads to the elements of another position on it.)
   */
  readonly accumulate?: boolean;
}

/**
 * accumulator[rows, n] = sum over k in `extents` of left[rows, k] x right[rows, k, n]. Both operands are f32 buffers.
 * The row-to-right strides are zero for all but batch dimensions. The left operand's last stride is 0.
 */
export interface Contraction {
  /** Extents of the contracted dimensions, outermost first; at least one (possibly of extent 1). */
  readonly extents: readonly number[];
  readonly left: Operand;
  readonly right: Operand;
}

export interface Operand {
  readonly buffer: BufferId;
  readonly offset: number;
  /** One stride per extent of the kernel (rows and the last, n). */
  readonly strides: readonly number[];
  /** One stride per contracted extent. */
  readonly contractedStrides: readonly number[];
}
