import { type Code, depthOf, type Label, labelled } from "./code.js";
import { i32 } from "./instructions.js";
import { type Expr, expr, type Statements, typeCode, type ValueType } from "./types.js";
import type { Local } from "./variable.js";

/** A block: a branch to its label leaves it. */
export function block(body: (exit: Label) => Statements): Expr<"void"> {
  return enclosed(0x02, body);
}

/** A loop: a branch to its label starts the next round; falling off the end leaves it. */
export function loop(body: (again: Label) => Statements): Expr<"void"> {
  return enclosed(0x03, body);
}

/** Runs statements when the condition is not zero, others when it is. */
export function when(condition: Expr<"i32">, then: Statements, otherwise?: Statements): Expr<"void"> {
  return expr(
    condition,
    enclosed(0x04, () => (otherwise ? [then, 0x05, otherwise] : then)),
  );
}

export function br(label: Label): Expr<"void"> {
  return expr(0x0c, depthOf(label));
}

export function brIf(label: Label, condition: Expr<"i32">): Expr<"void"> {
  return expr(condition, 0x0d, depthOf(label));
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
export function select<T extends "i32" | "f32" | "f64">(
  condition: Expr<"i32">,
  a: Expr<T>,
  b: Expr<T>,
): Expr<T> {
  return expr(a, b, condition, 0x1b);
}

/** Bounds of a counted loop. An expression as `to` is computed every round: give it a local. */
export interface Range {
  readonly from?: number | Expr<"i32">;
  readonly to: number | Expr<"i32">;
}

/** `for (i = from; i < to; i++)`, compared unsigned so that addresses count too. */
export function forRange(i: Local<"i32">, { from = 0, to }: Range, body: Statements): Expr<"void"> {
  const next = i.tee(i32.add(i, i32.const(1)));
  const isBelow = (index: Expr<"i32">) => i32.lt_u(index, boundOf(to));
  const rounds = loop((again) => [body, brIf(again, isBelow(next))]);
  return expr(i.set(boundOf(from)), when(isBelow(i), rounds));
}

function boundOf(bound: number | Expr<"i32">): Expr<"i32"> {
  return typeof bound === "number" ? i32.const(bound) : bound;
}

function enclosed(opcode: number, body: (label: Label) => Code): Expr<"void"> {
  const label: Label = {};
  return expr(opcode, typeCode.void, labelled(label, body(label)), 0x0b);
}
