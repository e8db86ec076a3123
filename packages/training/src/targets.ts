import type { TypedArray } from "@myelin/compiler";
import {
  ArgumentError,
  cast,
  formatShape,
  type Loss,
  type Shape,
  sizeOf,
  type Tensor,
  want,
} from "@myelin/tensor";
import { extentsOf, readRows } from "./rows.js";

/** Targets as memory holds them. */
export interface Targets {
  readonly targets: TypedArray;
  /** Shape of one row: that of the output, or without its last axis for class indices. */
  readonly targetShape: Shape;
  /** Class indices (and not numbers or a number per class). */
  readonly indices: boolean;
  /** Class names in order of their indices, when these or earlier targets were strings. */
  readonly labels: readonly string[] | undefined;
}

export interface TargetReading {
  readonly operation: string;
  readonly loss: Loss;
  /** Shape of one row that the network outputs. */
  readonly output: Shape;
  /** Rows of inputs, which the targets must match. */
  readonly rows: number;
  /** Names of the classes so far. */
  readonly labels: readonly string[] | undefined;
}

/**
 * Reads targets in the form that the loss wants. Strings become class indices: by the labels known so far, else by the
 * distinct strings in code-unit order, which does not depend on the order of the rows.
 */
export function readTargets(
  source: unknown,
  { operation, loss, output, rows, labels: known }: TargetReading,
): Targets {
  const width = output.length;
  const isClassed = loss.targets !== "values";
  const classes = output[width - 1] as number;
  const isText = Array.isArray(source) && typeof source[0] === "string" && isClassed;
  const labels = isText ? (known ?? distinct(source, operation)) : known;
  if (labels && isClassed) {
    const needed = Math.max(2, classes);
    const wanted = `${needed} labels for outputs ${formatShape(output)}`;
    const hint = "Give the network an output per label (one for two), or fit all labels.";
    want(labels.length === needed, operation, wanted, labels.length, hint);
  }
  const numbers = isText ? encode(source, labels as readonly string[], operation) : source;
  const extents = extentsOf(numbers);
  const isColumn = extents[width] === 1;
  // For two outputs, of which one is enough.
  const isSingle = loss.targets === "binary" && sizeOf(output) > 1 && sizeOf(extents) === rows;
  want(
    !isSingle,
    operation,
    `${classes} targets per row`,
    "only one",
    "For two classes use crossEntropy, or one output.",
  );
  const hasRowPerClass = ArrayBuffer.isView(numbers)
    ? extents[0] === rows * sizeOf(output)
    : extents.length > width && !isColumn;
  const indices = loss.targets === "classes" && !hasRowPerClass;
  const targetShape = indices ? output.slice(0, -1) : output;
  // Indices may be written [[0], [2]], too.
  const written = indices && isColumn ? [...targetShape, 1] : targetShape;
  const { data, count } = readRows(numbers, written, { operation, what: "targets" });
  want(count === rows, operation, `targets for ${rows} rows of inputs`, `${count} rows`);
  if (isClassed) {
    const top = indices ? classes - 1 : 1;
    const wrong = data.findIndex((value) => !(value >= 0 && value <= top && !(indices && value % 1)));
    const hint = indices
      ? "A network has an output per class; use binaryCrossEntropy for a single one."
      : undefined;
    const wanted = indices ? `a class index between 0 and ${top}` : "numbers between 0 and 1";
    const row = Math.floor(wrong / sizeOf(targetShape));
    want(wrong < 0, operation, `${wanted} in row ${row} of targets`, data[wrong], hint);
  }
  const targets = indices && data instanceof Float32Array ? Int32Array.from(data) : data;
  return { targets, targetShape, indices, labels };
}

/** How a step sees a batch of targets that are stored as `readTargets` says. */
export function targetsAsRead(stored: Tensor, indices: boolean): Tensor {
  return cast(stored, indices ? "i32" : "f32");
}

function distinct(texts: readonly unknown[], operation: string): readonly string[] {
  const other = texts.findIndex((text) => typeof text !== "string");
  want(other < 0, operation, `a text in row ${other} of targets, as before`, texts[other]);
  return [...new Set(texts as readonly string[])].sort();
}

function encode(texts: readonly string[], labels: readonly string[], operation: string): Int32Array {
  const index = new Map(labels.map((label, i) => [label, i]));
  return Int32Array.from(texts, (text, row) => {
    const found = index.get(text);
    if (found !== undefined) return found;
    const wanted = `one of the labels ${labels.join(", ")} in row ${row} of targets`;
    throw new ArgumentError(operation, wanted, text);
  });
}
