import type { Storage, SymbolicAddress, SymbolicInstruction } from "./body.js";
import type { Kernel, Value } from "./program.js";

/** A kernel before its buffers are numbered. */
export interface SymbolicKernel {
  readonly family: Kernel["family"];
  readonly extents: readonly number[];
  readonly body: readonly SymbolicInstruction[];
  readonly stores: readonly SymbolicStore[];
  readonly contraction?: SymbolicContraction | undefined;
  readonly origins: readonly string[];
}

export interface SymbolicStore {
  readonly address: SymbolicAddress;
  readonly value: Value;
  readonly accumulate?: boolean;
}

export interface SymbolicContraction {
  readonly extents: readonly number[];
  readonly left: SymbolicOperand;
  readonly right: SymbolicOperand;
}

export interface SymbolicOperand {
  readonly storage: Storage;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly contractedStrides: readonly number[];
}
