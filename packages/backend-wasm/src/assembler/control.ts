import { type Code, depthOf, type Label, labelled } from "./code.js";
import { i32 } from "./instructions.js";
import { type Expr, expr, type Statements, typeCode, type ValueType } from "./types.js";
import type { Local } from "./variable.js";

/** A block: a branch to its label leaves it. */
export function block(body: (exit: Label) => Statements): Expr<"void"> {
  return enclosed(0x02, { name: "block" }, body);
}

/** A loop: a branch to its label starts the next round; falling off the end leaves it. */
export function loop(body: (again: Label) => Statements): Expr<"void"> {
  return enclosed(0x03, { name: "loop" }, body);
}

/** Runs statements when the condition is not zero, others when it is. */
export function when(condition: Expr<"i32">, then: Statements, otherwise?: Statements): Expr<"void"> {
  return expr(
    condition,
    enclosed(0x04, { name: "if" }, () => (otherwise ? [then, 0x05, otherwise] : then)),
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
export function select<T extends "i32" | "i64" | "f32" | "f64">(
  condition: Expr<"i32">,
  a: Expr<T>,
  b: Expr<T>,
): Expr<T> {
  return expr(a, b, condition, 0x1b);
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
  const rounds = loop((again) => [body, brIf(again, i32.lt_u(i.tee(i32.add(i, i32.const(step))), limit))]);
  if (typeof from === "number" && typeof to === "number") return from < to ? expr(start, rounds) : start;
  return expr(start, when(i32.lt_u(i, limit), rounds));
}

function enclosed(opcode: number, label: Label, body: (label: Label) => Code): Expr<"void"> {
  return expr(opcode, typeCode.void, labelled(label, body(label)), 0x0b);
}
