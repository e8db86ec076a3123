import { ArgumentError } from "@myelin/tensor";
import { countRows, type Rows, takeRows } from "./rows.js";

/** Rows to learn from: what `fit` and `evaluate` take. A plain value; nothing here changes one. */
export interface Samples<Inputs extends Rows = Rows, Targets extends Rows = Rows> {
  readonly inputs: Inputs;
  /** Numbers, class indices, rows with a number per class, or strings. */
  readonly targets: Targets;
}

/** How many rows there are. Throws `ArgumentError` in the name of `operation` unless inputs and targets have equally many. */
export function countSamples(operation: string, samples: Samples): number {
  const { inputs, targets } = Object(samples) as Partial<Samples>;
  if (inputs === undefined || targets === undefined)
    throw new ArgumentError(operation, "{ inputs, targets }", samples);
  const rows = countRows(inputs);
  const received = countRows(targets);
  if (rows === received) return rows;
  throw new ArgumentError(operation, `targets for ${rows} rows of inputs`, `${received} rows`);
}

/** The samples with these row numbers, in this order, as copies in the same form. */
export function takeSamples<Some extends Samples>(samples: Some, indices: ArrayLike<number>): Some {
  countSamples("takeSamples", samples);
  const { inputs, targets } = samples;
  return { ...samples, inputs: takeRows(inputs, indices), targets: takeRows(targets, indices) };
}
