import { currentOrigin } from "./origin.js";
import { formatShape, type Shape } from "./shape.js";

/** A mistake inside Myelin, never the user's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Bug in Myelin: ${message}`);
}

export interface ShapeErrorDetails {
  /** The public operation, for example "matmul". */
  readonly operation: string;
  /** What it wanted, in words. */
  readonly expected: string;
  readonly received: readonly Shape[];
  /** Where in the model, for example "sequential/dense_1"; empty outside of one. Default: where it is thrown. */
  readonly path?: string;
  /** A way out. */
  readonly hint?: string | undefined;
}

/** Shapes that do not fit: which operation, what it wanted, what it got, where, and a way out. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  declare readonly operation: string;
  declare readonly expected: string;
  declare readonly received: readonly Shape[];
  declare readonly path: string;

  constructor({ operation, expected, received, path = currentOrigin(), hint }: ShapeErrorDetails) {
    super(
      sentences(
        operation,
        expected,
        received.map(formatShape).join(" and ") + (path && ` (in ${path})`),
        hint,
      ),
    );
    Object.assign(this, { operation, expected, received, path });
  }
}

/** An argument that an operation cannot use: which operation, what it wanted, what it got, and a way out. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
  declare readonly operation: string;

  constructor(operation: string, expected: string, received: unknown, hint?: string) {
    super(sentences(operation, expected, describe(received), hint));
    this.operation = operation;
  }
}

function sentences(operation: string, expected: string, received: string, hint = ""): string {
  return `[${operation}] expected ${expected}, received ${received}.${hint && ` ${hint}`}`;
}

function describe(value: unknown): string {
  // A word is a value that somebody wrote, several words are a description of one.
  if (typeof value === "string") return value.includes(" ") ? value : JSON.stringify(value);
  if (typeof value === "function") return `the function ${value.name || "()"}`;
  // Somebody's whole data may be passed in the wrong place.
  if (Array.isArray(value))
    return value.length > 9 ? `${value.length} entries` : formatShape(value.map(describe));
  // "U" is left out, because no array of the language begins with one that sounds like a vowel.
  if (typeof value === "object" && value)
    return `a ${value.constructor?.name || "record"}`.replace(/ [AEIO]/, "n$&");
  return typeof value === "bigint" ? `${value}n` : String(value);
}
