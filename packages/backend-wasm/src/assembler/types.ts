import type { Code } from "./code.js";

/** The types of values on the WebAssembly stack. */
export type ValueType = "i32" | "f32" | "f64" | "v128";

/** What an expression leaves on the stack: one value, or nothing. */
export type Type = ValueType | "void";

declare const type: unique symbol;

/**
 * Code that leaves a value of type T. The type exists for the compiler only, so checking costs nothing at run time.
 * An expression used twice is computed twice: to share a value, put it in a local.
 */
export type Expr<T extends Type> = readonly Code[] & { readonly [type]: T };

/** Statements, nested as is convenient. */
export type Statements = Expr<"void"> | readonly Statements[];

/** Statements followed by the expression that is the result; only statements when there is none. */
export type Body<R extends Type> = R extends "void"
  ? Statements
  : Expr<R> | readonly [...Statements[], Expr<R>];

/** The binary encoding of each type; "void" is the empty block type. */
export const typeCode: Record<Type, number> = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  void: 0x40,
};

/** States the type of raw code. Only the assembler does this. */
export function expr<T extends Type>(...code: Code[]): Expr<T> {
  return code as unknown as Expr<T>;
}
