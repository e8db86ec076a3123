import type { Label } from "./code-writer.js";
import type { Local } from "./function-builder.js";
import { i32 } from "./instructions.js";
import { type Code, type Expr, expr, type Statements, typeCode, type ValueType } from "./types.js";

/** A block: a branch to its label leaves it. */
export function block(body: (exit: Label) => Statements): Expr<"void"> {
  return labelled(0x02, { kind: "block" }, body);
}

/** A loop: a branch to its label starts the next round; falling off the end leaves it. */
export function loop(body: (again: Label) => Statements): Expr<"void"> {
  return labelled(0x03, { kind: "loop" }, body);
}

export function br(label: Label): Expr<"void"> {
  return expr(0x0c, (writer) => writer.writeDepth(label));
}

export function brIf(label: Label, condition: Expr<"i32">): Expr<"void"> {
  return expr(condition, 0x0d, (writer) => writer.writeDepth(label));
}

/** Returns from the function; the engine checks the value against the result type. */
export function ret(value?: Expr<ValueType>): Expr<"void"> {
  return expr(value ?? [], 0x0f);
}

export function unreachable(): Expr<"void"> {
  return expr(0x00);
}

export function drop(value: Expr<ValueType>): Expr<"void"> {
  return expr(value, 0x1a);
}

/** `condition ? a : b` without a branch: both are computed. */
export function select<T extends "i32" | "i64" | "f32" | "f64">(
  condition: Expr<"i32">,
  a: Expr<T>,
  b: Expr<T>,
): Expr<T> {
  return expr(a, b, condition, 0x1b);
}

/** Runs statements when the condition is not zero, others when it is. */
export function when(condition: Expr<"i32">, then: Statements, otherwise?: Statements): Expr<"void"> {
  return branches("void", condition, then, otherwise);
}

/** `condition ? a : b`, computing only one of them. */
export function choose<T extends ValueType>(
  type: T,
  condition: Expr<"i32">,
  a: Expr<T>,
  b: Expr<T>,
): Expr<T> {
  return branches(type, condition, a, b);
}

/** Bounds of a counted loop. An expression as `to` is computed every round: give it a local's value. */
export interface Range {
  readonly from?: number | Expr<"i32">;
  readonly to: number | Expr<"i32">;
  readonly step?: number;
}

/**
 * `for (i = from; i < to; i += step)`, compared unsigned so that addresses count too.
 * When constant bounds say that there is a first round, the test is only at the end.
 */
export function forRange(i: Local<"i32">, { from = 0, to, step = 1 }: Range, body: Statements): Expr<"void"> {
  if (step <= 0) throw new RangeError(`assembler: forRange steps by ${step}, expected a positive step`);
  const limit = typeof to === "number" ? i32.const(to) : to;
  const start = i.set(typeof from === "number" ? i32.const(from) : from);
  const rounds = loop((again) => [
    body,
    brIf(again, i32.lt_u(i.tee(i32.add(i.get(), i32.const(step))), limit)),
  ]);
  if (typeof from === "number" && typeof to === "number") return from < to ? expr(start, rounds) : start;
  return expr(start, when(i32.lt_u(i.get(), limit), rounds));
}

function labelled(opcode: number, label: Label, body: (label: Label) => Code): Expr<"void"> {
  const inside = body(label);
  return expr(opcode, typeCode.void, (writer) => writer.writeLabelled(label, inside), 0x0b);
}

function branches<T extends ValueType | "void">(
  type: T,
  condition: Expr<"i32">,
  then: Code,
  otherwise?: Code,
): Expr<T> {
  const both = otherwise ? [then, 0x05, otherwise] : then;
  return expr(condition, 0x04, typeCode[type], (writer) => writer.writeLabelled({ kind: "if" }, both), 0x0b);
}
