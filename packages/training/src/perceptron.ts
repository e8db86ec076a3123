import {
  ArgumentError,
  permutation,
  type Shape,
  sizeOf,
  streamOf,
  want,
  wantCount,
  withDefaults,
} from "@myelin/tensor";
import { wantSeed } from "./arguments.js";
import type { Numbers, NumericArray } from "./data-forms.js";
import { isRecord } from "./records.js";
import { isShaped, readRows } from "./rows.js";

export interface PerceptronData<Label extends string | number> {
  readonly inputs: Numbers;
  /** Two classes: numbers (0 and 1, -1 and 1) or strings. The larger one, in code-unit order for strings, is "on". */
  readonly targets: ArrayLike<Label>;
}

export interface PerceptronOptions {
  /** Passes over the data before giving up. Default 1000. */
  readonly epochs?: number | undefined;
  /** Size of a correction; starting from zero weights it scales them and changes no decision. Default 1. */
  readonly learningRate?: number | undefined;
  /** A new order in every epoch. Default false: the order of the rows. */
  readonly shuffle?: boolean | undefined;
  readonly seed?: number | undefined;
}

/** A trained perceptron: fires (the second label) where weights . x + bias >= 0. */
export interface Perceptron<Label extends string | number> {
  /** Every row is classified correctly. */
  readonly converged: boolean;
  /** Passes made. */
  readonly epochs: number;
  /** Corrections in each of them. */
  readonly mistakes: readonly number[];
  /** Rows that these weights classify correctly, of all rows. */
  readonly correct: number;
  readonly rows: number;
  /** Those that converged, else the best that were met on the way. */
  readonly weights: readonly number[];
  readonly bias: number;
  /** Off, on. */
  readonly labels: readonly [Label, Label];
  /** What happened, in words. */
  readonly message: string;
  /** The class of one row, or of each of many, in any form that `fit` takes. */
  predict<const Source extends Numbers>(source: Source): Answer<Source, Label>;
}

/** A class for one row, as far as the form of the data tells. */
type Answer<Source, Label> = Source extends NumericArray | { readonly shape: Shape }
  ? Label | Label[]
  : Source extends readonly unknown[]
    ? Source extends readonly number[]
      ? Label
      : Label[]
    : Source[keyof Source & string] extends number
      ? Label
      : Label[];

/**
 * Trains one neuron with step activation by the perceptron rule: after each misclassified row,
 * weights <- weights + rate (target - output) x, with target and output 0 or 1. No derivative is involved.
 *
 * If a line (plane, hyperplane) separates the classes, the rule finds one after finitely many mistakes, at most (R / margin)²
 * with R the length of the longest row. If none does (XOR), it never settles: the run ends when the weights come back to
 * earlier ones or after `epochs` passes, and the best weights that were met are returned (the pocket algorithm).
 *
 *     const and = perceptron({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 0, 0, 1] });
 *     and.converged; // true
 *
 * Throws `ArgumentError` unless the targets are two classes, and for inputs that are not finite or of unequal width.
 * Rosenblatt 1958; convergence: Novikoff 1962; pocket: Gallant 1990.
 */
export function perceptron<const Label extends string | number>(
  samples: PerceptronData<Label>,
  options: PerceptronOptions = {},
): Perceptron<Label> {
  /** Corrections in each pass after which the weights are tried on all rows. */
  const TRIED = 8;
  const operation = "perceptron";
  want("inputs" in Object(samples), operation, "data { inputs, targets }", samples);
  const { inputs, targets } = samples;
  const { epochs, learningRate, shuffle, seed } = withDefaults(operation, options, {
    epochs: 1000,
    learningRate: 1,
    shuffle: false,
    seed: 0,
  });
  wantCount(operation, "epochs", epochs);
  want(learningRate > 0 && learningRate < Infinity, operation, "a learning rate above 0", learningRate);
  wantSeed(operation, seed);
  const rows = Object(targets).length;
  want(typeof rows === "number", operation, "targets in an array", targets, "Write 0 or 1 for each row.");
  const width = widthOf(inputs, rows);
  const { data, count, features } = readRows(inputs, [width], { operation, what: "inputs" });
  want(count === rows, operation, `targets for ${count} rows of inputs`, `${rows}`);
  const labels = twoLabels(targets);
  const on = Array.from(targets, (target) => target === labels[1]);

  // The bias is one more weight, of an input that is always 1.
  const weights = new Float64Array(width + 1);
  const fires = (row: number) => sumOf(weights, data.subarray(row * width, (row + 1) * width)) >= 0;
  let pocket = weights.slice();
  let correct = 0;
  const keepIfBest = () => {
    const now = on.reduce((sum, wanted, row) => sum + Number(fires(row) === wanted), 0);
    if (now <= correct) return;
    correct = now;
    pocket = weights.slice();
  };
  keepIfBest();
  let longest = 0;
  let streak = 0;
  const mistakes: number[] = [];
  let earlier = "";
  let cycle = false;
  while (mistakes.length < epochs && mistakes.at(-1) !== 0 && !cycle) {
    const order = shuffle ? permutation(rows, seed, streamOf("perceptron"), mistakes.length) : undefined;
    let wrong = 0;
    for (let place = 0; place < rows; place++) {
      const row = order?.[place] ?? place;
      const wanted = on[row] as boolean;
      // Going through all rows is dear: after the first corrections of a pass only weights that last longer than any before.
      if (fires(row) === wanted) {
        if (++streak <= longest) continue;
        longest = streak;
        keepIfBest();
        continue;
      }
      streak = 0;
      wrong++;
      const change = wanted ? learningRate : -learningRate;
      for (let i = 0; i < width; i++)
        weights[i] = (weights[i] as number) + change * (data[row * width + i] as number);
      weights[width] = (weights[width] as number) + change;
      if (wrong <= TRIED) keepIfBest();
    }
    mistakes.push(wrong);
    // In a fixed order, weights that come back will do so for ever. Comparing with one that moves on at every power of two
    // finds a circle of any length.
    const state = weights.join();
    cycle = !shuffle && wrong > 0 && state === earlier;
    if ((mistakes.length & (mistakes.length - 1)) === 0) earlier = state;
  }
  const converged = mistakes.at(-1) === 0;
  const found = converged ? weights : pocket;
  if (converged) correct = rows;
  const total = mistakes.reduce((sum, wrong) => sum + wrong, 0);
  const passes = `${mistakes.length} ${mistakes.length === 1 ? "pass" : "passes"}`;
  const predict = (input: Numbers): Label | Label[] => {
    const read = readRows(input, [width], { operation, what: "the rows", features }, true);
    const answers = Array.from({ length: read.count }, (_, row) =>
      sumOf(found, read.data.subarray(row * width, (row + 1) * width)) >= 0 ? labels[1] : labels[0],
    );
    return read.single ? (answers[0] as Label) : answers;
  };
  return {
    converged,
    epochs: mistakes.length,
    mistakes,
    correct,
    rows,
    weights: Array.from(found.subarray(0, width)),
    bias: found[width] as number,
    labels,
    message: converged
      ? `All ${rows} rows are right after ${total} corrections in ${passes}.`
      : `No line was found that separates the classes${cycle ? ", and none exists: the weights run in a circle" : ""}. ` +
        `The best weights in ${passes} get ${correct} of ${rows} rows right. A network with a hidden layer can do more.`,
    predict: predict as Perceptron<Label>["predict"],
  };
}

function sumOf(weights: Float64Array, row: ArrayLike<number>): number {
  let sum = weights[row.length] as number;
  for (let i = 0; i < row.length; i++) sum += (weights[i] as number) * (row[i] as number);
  return sum;
}

/** Numbers in a row of the inputs, by the first row or, in flat data, by the number of targets. */
function widthOf(inputs: Numbers, rows: number): number {
  if (ArrayBuffer.isView(inputs)) return inputs.length / rows;
  if (isShaped(inputs)) return sizeOf(inputs.shape.slice(1));
  const first: unknown = Array.isArray(inputs) ? inputs[0] : inputs;
  const row = isRecord(first) ? Object.keys(first) : first;
  return (row as ArrayLike<unknown> | undefined)?.length ?? 1;
}

function twoLabels<Label extends string | number>(targets: ArrayLike<Label>): readonly [Label, Label] {
  const [off, on, ...others] = [...new Set(Array.from(targets))].sort((a, b) => (a < b ? -1 : 1));
  if (off !== undefined && on !== undefined && others.length === 0 && typeof off === typeof on)
    return [off, on];
  const found = [off, on, ...others.slice(0, 3)].filter((label) => label !== undefined);
  throw new ArgumentError(
    "perceptron",
    "targets of exactly two classes",
    found,
    "Combine or leave out classes.",
  );
}
