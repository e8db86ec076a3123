import { unsigned } from "./leb128.js";
import { type Expr, expr, type ValueType } from "./types.js";

/** A mutable global of the module or of its host: an expression that is its value, and can be set. */
export type Global<T extends ValueType> = Expr<T> & {
  set(value: Expr<T>): Expr<"void">;
};

/** A parameter or a local variable. */
export type Local<T extends ValueType> = Global<T> & {
  /** Sets the local and leaves the value. */
  tee(value: Expr<T>): Expr<T>;
};

export function local<T extends ValueType>(index: number): Local<T> {
  return variable(0x20, index);
}

export function global<T extends ValueType>(index: number): Global<T> {
  return variable(0x23, index);
}

/** Opcodes to get, set and tee follow each other. */
function variable<T extends ValueType>(opcode: number, index: number): Local<T> {
  const place = unsigned(index);
  return Object.assign(expr<T>(opcode, place), {
    set: (next: Expr<T>) => expr<"void">(next, opcode + 1, place),
    tee: (next: Expr<T>) => expr<T>(next, opcode + 2, place),
  });
}
