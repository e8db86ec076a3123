import type { TypedArray } from "@myelin/compiler";
import { type DType, type Loss, type Shape, sizeOf, want } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import { readRows } from "./rows.js";
import type { Session } from "./session.js";
import { readTargets, type Targets } from "./targets.js";

/** Rows that were checked, in the form in which memory holds them. */
export interface Prepared extends Targets {
  readonly count: number;
  readonly inputs: TypedArray;
  /** How much each row counts in the loss; every row 1 when absent. */
  readonly weights?: Float32Array | undefined;
  /** Names of the columns of the inputs, where they were records. */
  readonly features?: readonly string[] | undefined;
}

/** Checks inputs and targets against the network and the loss; errors name row and column. */
export function prepare(
  session: Session,
  data: DataSet,
  loss: Loss,
  operation: string,
  labels: readonly string[] | undefined = session.labels,
): Prepared {
  const hint = "Only training takes an async iterable of them.";
  want("inputs" in Object(data), operation, "data { inputs, targets }", data, hint);
  const { inputShape, outputShape } = session.network;
  const reading = { operation, what: "inputs", features: session.features };
  const { data: inputs, count, features = session.features } = readRows(data.inputs, inputShape, reading);
  const targets = readTargets(data.targets, { operation, loss, output: outputShape, rows: count, labels });
  return { ...targets, inputs, count, features };
}

/** Cuts off the last rows for validation, before any shuffling: floor(rows (1 - share)) stay. Nothing is copied. */
export function split(
  set: Prepared,
  inputShape: Shape,
  share: number,
): [training: Prepared, validation: Prepared] {
  const { count, inputs, targets, targetShape, weights } = set;
  const kept = Math.floor(count * (1 - share));
  const hint = `Of ${count} rows, ${kept} would remain.`;
  want(
    Number.isFinite(share) && kept > 0 && kept < count,
    "fit",
    "a split that leaves rows on both sides",
    share,
    hint,
  );
  const part = (start: number, end: number): Prepared => {
    const cut = <T extends TypedArray>(data: T, width: number) =>
      data.subarray(start * width, end * width) as T;
    return {
      ...set,
      count: end - start,
      inputs: cut(inputs, sizeOf(inputShape)),
      targets: cut(targets, sizeOf(targetShape)),
      weights: weights && cut(weights, 1),
    };
  };
  return [part(0, kept), part(kept, count)];
}

export function dtypeOf(data: TypedArray): DType {
  return data instanceof Uint8Array ? "u8" : data instanceof Int32Array ? "i32" : "f32";
}
