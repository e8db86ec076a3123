import { ArgumentError, ShapeError } from "./errors.js";
import type { Shape } from "./shape.js";

/** Refuses an argument unless the condition holds: what the operation wanted, what it got, and a way out. */
export function want(
  condition: unknown,
  operation: string,
  expected: string,
  received: unknown,
  hint?: string,
): asserts condition {
  if (!condition) throw new ArgumentError(operation, expected, received, hint);
}

/** The same for shapes, with the place in the model. */
export function wantShapes(
  condition: unknown,
  operation: string,
  expected: string,
  received: readonly Shape[],
  hint?: string,
): asserts condition {
  if (!condition) throw new ShapeError({ operation, expected, received, hint });
}

function isWhole(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}

/** A copy of a shape (or of other numbers per axis). Refuses anything but whole numbers of at least `least` in an array. */
export function wantShape(
  operation: string,
  shape: Shape,
  least = 0,
  what = "a shape such as [2, 3]",
): Shape {
  const isShape = Array.isArray(shape) && shape.every((extent) => isWhole(extent, least));
  want(isShape, operation, `${what} (whole numbers of at least ${least})`, shape);
  return [...shape];
}

/** Refuses anything but a whole number of at least 1: epochs, units, sizes. */
export function wantCount(operation: string, what: string, value: unknown): void {
  want(isWhole(value, 1), operation, `a whole number of at least 1 as ${what}`, value);
}

/**
 * Refuses what lacks a member that all such values have: programs without types pass names, or factories that they did not
 * call.
 */
export function wantMembers(
  operation: string,
  expected: string,
  value: unknown,
  members: readonly string[],
  hint?: string,
): void {
  const call = typeof value === "function" ? `Call it: ${value.name}(..).` : hint;
  want(
    members.every((member) => Object(value)[member] !== undefined),
    operation,
    expected,
    value,
    call,
  );
}

/** Refuses numbers and data where only a tensor makes sense. */
export function wantTensor(operation: string, ...values: readonly unknown[]): void {
  for (const value of values)
    wantMembers(operation, "a tensor", value, ["shape"], "Wrap data with tensor(...).");
}
