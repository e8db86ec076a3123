import type { TypedArray } from "@myelin/compiler";
import { ArgumentError, type DType, type Loss, type Network, type Shape, sizeOf } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import { readRows } from "./rows.js";
import { readTargets } from "./targets.js";

/** Rows that were checked, in the form in which memory holds them. */
export interface Prepared {
  readonly count: number;
  readonly inputs: TypedArray;
  readonly targets: TypedArray;
  /** Shape of one row of targets. */
  readonly targetShape: Shape;
  /** Targets are class indices. */
  readonly indices: boolean;
  /** How much each row counts in the loss; every row 1 when absent. */
  readonly weights?: Float32Array | undefined;
  readonly labels: readonly string[] | undefined;
  /** Names of the columns of the inputs, where they were records. */
  readonly features?: readonly string[] | undefined;
}

/** What a model knows by name: classes, and columns of records. */
export interface Names {
  readonly labels?: readonly string[] | undefined;
  readonly features?: readonly string[] | undefined;
}

/** Checks inputs and targets against the network and the loss; errors name row and column. */
export function prepare(
  data: DataSet,
  network: Network,
  loss: Loss,
  { labels, features }: Names,
  operation: string,
): Prepared {
  if (typeof data !== "object" || data === null || !("inputs" in data))
    throw new ArgumentError(
      operation,
      "data { inputs, targets }, or an async iterable of such batches",
      data,
    );
  const { inputs, targets } = data;
  const rows = readRows(inputs, network.inputShape, { operation, what: "inputs", features });
  const read = readTargets(targets, {
    operation,
    loss,
    output: network.outputShape,
    rows: rows.count,
    labels,
  });
  return {
    count: rows.count,
    inputs: rows.data,
    targets: read.data,
    targetShape: read.shape,
    indices: read.indices,
    labels: read.labels,
    features: rows.features ?? features,
  };
}

/** The rows from `start` up to `end`, without copying. */
export function part(set: Prepared, inputShape: Shape, start: number, end: number): Prepared {
  const cut = <T extends TypedArray>(data: T, width: number) =>
    data.subarray(start * width, end * width) as T;
  return {
    ...set,
    count: end - start,
    inputs: cut(set.inputs, sizeOf(inputShape)),
    targets: cut(set.targets, sizeOf(set.targetShape)),
    weights: set.weights && cut(set.weights, 1),
  };
}

/** Cuts off the last rows for validation, before any shuffling: floor(rows (1 - share)) stay. */
export function split(
  set: Prepared,
  inputShape: Shape,
  share: number,
): [training: Prepared, validation: Prepared] {
  const kept = Math.floor(set.count * (1 - share));
  if (!(kept > 0 && kept < set.count)) {
    const hint = `Of ${set.count} rows, ${kept} would remain.`;
    throw new ArgumentError("fit", "a validation split that leaves rows on both sides", share, hint);
  }
  return [part(set, inputShape, 0, kept), part(set, inputShape, kept, set.count)];
}

export function dtypeOf(data: TypedArray): DType {
  return data instanceof Uint8Array ? "u8" : data instanceof Int32Array ? "i32" : "f32";
}
