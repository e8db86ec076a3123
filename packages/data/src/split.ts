import { ArgumentError, permutation, streamOf, want, withDefaults } from "@myelin/tensor";
import { isList, isRowArray, type Rows } from "./rows.js";
import { countSamples, type Samples, takeSamples } from "./samples.js";

export interface SplitOptions {
  /** Share of the rows for the test set, in (0, 1). Default 0.2. */
  readonly test?: number | undefined;
  /** Of the shuffle. Default 0. */
  readonly seed?: number | undefined;
  /** Without a shuffle the last rows (with `stratify`, of each class) become the test set: for time series. Default true. */
  readonly shuffle?: boolean | undefined;
  /** Keeps the shares of the classes: each has its share of the test set, give or take one row. Default false. */
  readonly stratify?: boolean | undefined;
}

export interface Split<Some extends Samples> {
  readonly train: Some;
  readonly test: Some;
}

/**
 * Parts samples, also records by column, into a training set and a test set of round(rows * test) rows. Both are copies; one seed gives one split.
 * Throws `ArgumentError` when a part would be empty.
 */
export function split<Some extends Samples>(samples: Some, options: SplitOptions = {}): Split<Some> {
  // First: without types, inputs and targets are easily passed apart, and targets are no options.
  const rows = countSamples("split", samples);
  const { test, seed, shuffle, stratify } = withDefaults("split", options, {
    test: 0.2,
    seed: 0,
    shuffle: true,
    stratify: false,
  });
  want(Number.isSafeInteger(seed), "split", "a whole number as seed", seed);
  const wanted = Math.round(rows * test);
  if (!(test > 0 && test < 1 && wanted > 0 && wanted < rows)) {
    const hint = `Of ${rows} rows, ${Number.isFinite(wanted) ? wanted : "none"} would be test rows.`;
    throw new ArgumentError("split", "a share `test` that leaves rows on both sides", test, hint);
  }
  const order = shuffle
    ? permutation(rows, seed, streamOf("split"))
    : Int32Array.from({ length: rows }, (_, i) => i);
  const classes = stratify ? classesOf(samples.targets, rows) : new Int32Array(rows);
  const open = quotas(classes, wanted);
  const testRows: number[] = [];
  const trainRows: number[] = [];
  for (let place = rows - 1; place >= 0; place--) {
    const row = order[place] as number;
    const left = open[classes[row] as number] as number;
    open[classes[row] as number] = left - 1;
    (left > 0 ? testRows : trainRows).push(row);
  }
  return {
    train: takeSamples(samples, trainRows.reverse()),
    test: takeSamples(samples, testRows.reverse()),
  };
}

/** A number per row, equal where targets are equal. */
function classesOf(targets: Rows, rows: number): Int32Array {
  const known = new Map<string, number>();
  const lists: readonly ArrayLike<unknown>[] = isRowArray(targets)
    ? [targets.data]
    : isList(targets)
      ? [targets]
      : Object.values(targets);
  return Int32Array.from({ length: rows }, (_, row) => {
    const target = lists.map((list) => {
      const width = list.length / rows;
      return Array.from({ length: width }, (_, i) => list[row * width + i]);
    });
    const key = JSON.stringify(target);
    const found = known.get(key) ?? known.size;
    known.set(key, found);
    return found;
  });
}

/** Test rows per class: each class's share rounded down, then one more for the largest remainders until the sum fits. */
function quotas(classes: Int32Array, wanted: number): number[] {
  const counts: number[] = [];
  for (const index of classes) counts[index] = (counts[index] ?? 0) + 1;
  // In whole numbers, so that equal remainders are equal: share = count * wanted / rows.
  const parts = counts.map((count) => Math.floor((count * wanted) / classes.length));
  const remainders = counts.map((count) => (count * wanted) % classes.length);
  const missing = wanted - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = counts.map((_, index) => index);
  byRemainder.sort((a, b) => (remainders[b] as number) - (remainders[a] as number) || a - b);
  for (const index of byRemainder.slice(0, missing)) (parts[index] as number)++;
  return parts;
}
