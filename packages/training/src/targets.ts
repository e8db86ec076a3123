import type { TypedArray } from "@myelin/compiler";
import { ArgumentError, cast, type Loss, type Shape, sizeOf, type Tensor } from "@myelin/tensor";
import { depthOf, type Reading, readRows } from "./rows.js";

/** Targets as memory holds them. */
export interface Targets {
  readonly data: TypedArray;
  readonly count: number;
  /** Shape of one row: that of the output, or without its last axis for class indices. */
  readonly shape: Shape;
  /** Class indices (and not numbers or a number per class). */
  readonly indices: boolean;
  /** Class names in order of their indices, when these or earlier targets were strings. */
  readonly labels: readonly string[] | undefined;
}

export interface TargetReading extends Pick<Reading, "operation"> {
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
  { operation, loss, output, rows, labels }: TargetReading,
): Targets {
  const reading: Reading = { operation, what: "targets" };
  let names = labels;
  let numbers = source;
  if (Array.isArray(source) && typeof source[0] === "string" && loss.targets !== "values") {
    if (names === undefined) {
      const other = source.findIndex((text) => typeof text !== "string");
      if (other >= 0)
        throw new ArgumentError(operation, `a text in row ${other} of targets, as before`, source[other]);
      names = [...new Set<string>(source)].sort();
    }
    numbers = encode(source, names, reading);
  }
  const classes = output[output.length - 1] as number;
  const indices = loss.targets === "classes" && !hasRowPerClass(numbers, output, rows);
  // Indices may be written [[0], [2]], too.
  const shape = !indices
    ? output
    : depthOf(numbers) > output.length
      ? [...output.slice(0, -1), 1]
      : output.slice(0, -1);
  const { data, count } = readRows(numbers, shape, reading);
  if (count !== rows)
    throw new ArgumentError(operation, `targets for ${rows} rows of inputs`, `${count} rows`);
  const top = loss.targets === "values" ? Number.POSITIVE_INFINITY : indices ? classes - 1 : 1;
  const wrong = data.findIndex(
    (value) =>
      (top < Number.POSITIVE_INFINITY && !(value >= 0 && value <= top)) ||
      (indices && value !== Math.trunc(value)),
  );
  if (wrong >= 0) {
    const wanted = indices ? `a class index between 0 and ${top}` : "numbers between 0 and 1";
    const row = Math.floor(wrong / sizeOf(shape));
    const hint = indices
      ? classes === 1
        ? "A network with one output says yes or no: use binaryCrossEntropy."
        : "The network has one output per class."
      : names !== undefined && loss.targets === "binary"
        ? `One output tells two classes apart, not ${names.length}: give the network ${names.length} outputs and use crossEntropy.`
        : undefined;
    throw new ArgumentError(operation, `${wanted} in row ${row} of targets`, data[wrong], hint);
  }
  const whole = indices && data instanceof Float32Array ? Int32Array.from(data) : data;
  return { data: whole, count, shape: indices ? output.slice(0, -1) : output, indices, labels: names };
}

/** How a step sees a batch of targets that are stored as `readTargets` says. */
export function targetsAsRead(stored: Tensor, indices: boolean): Tensor {
  return cast(stored, indices ? "i32" : "f32");
}

/** A number per class in every row, and not the index of one. */
function hasRowPerClass(source: unknown, output: Shape, rows: number): boolean {
  if (ArrayBuffer.isView(source)) return (source as Uint8Array).length === rows * sizeOf(output);
  const whole = (source as { shape?: Shape } | undefined)?.shape;
  if (whole !== undefined) return whole.length > output.length && whole[output.length] !== 1;
  if (depthOf(source) <= output.length) return false;
  let last = source as readonly unknown[];
  for (let depth = 0; depth < output.length; depth++) last = last[0] as readonly unknown[];
  return last.length !== 1;
}

function encode(texts: readonly string[], labels: readonly string[], { operation }: Reading): Int32Array {
  const index = new Map(labels.map((label, i) => [label, i]));
  return Int32Array.from(texts, (text, row) => {
    const found = index.get(text);
    if (found !== undefined) return found;
    const wanted = `one of the labels ${labels.join(", ")} in row ${row} of targets`;
    throw new ArgumentError(operation, wanted, text, "Give fit all labels in its options.");
  });
}
