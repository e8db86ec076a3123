import { mnist } from "@myelin/data/mnist";
import { normal, uniform } from "./random.js";
import type { DataKind } from "./workloads.js";

export interface Data {
  /** [rows, ...inputShape], row-major; bytes stay bytes. */
  readonly inputs: Float32Array | Uint8Array;
  readonly inputShape: readonly number[];
  /** What the network multiplies inputs by: 1 / 255 for bytes. */
  readonly scale: number;
  /** A class index or a number per row. */
  readonly targets: Int32Array | Float32Array;
  readonly rows: number;
}

/** The shape of one row. `flat` images have 784 numbers, others 28 x 28 x 1. */
export function inputShapeOf(kind: DataKind, flat: boolean): readonly number[] {
  if (kind === "digits") return flat ? [784] : [28, 28, 1];
  return { xor: [2], blobs: [4], noise: [1024], regression: [20] }[kind];
}

/** The same numbers in every process. */
export function makeData(kind: DataKind, flat: boolean): Data {
  const data = { digits, xor, blobs, noise, regression }[kind]();
  return { ...data, inputShape: inputShapeOf(kind, flat) };
}

type Unshaped = Omit<Data, "inputShape">;

function digits(): Unshaped {
  const { inputs, targets } = mnist.train;
  return {
    inputs: inputs.data,
    scale: 1 / 255,
    targets: Int32Array.from(targets.data),
    rows: targets.data.length,
  };
}

/**
 * The four points, 1,024 times: so an epoch has as many steps as others have, and the price of an epoch does not hide
 * that of a step. Batches of 4 in order are the four points.
 */
function xor(): Unshaped {
  const rows = 4096;
  const inputs = Float32Array.from({ length: rows * 2 }, (_, i) =>
    i % 2 === 0 ? (i >> 2) & 1 : (i >> 1) & 1,
  );
  const targets = Float32Array.from({ length: rows }, (_, row) => inputs[2 * row]! ^ inputs[2 * row + 1]!);
  return { inputs, scale: 1, targets, rows };
}

/** Three clouds in four dimensions that overlap, so that there is always something left to learn. */
function blobs(): Unshaped {
  const next = normal(11);
  const centers = Array.from({ length: 12 }, () => 0.7 * next());
  const rows = 150;
  const targets = Int32Array.from({ length: rows }, (_, row) => row % 3);
  const inputs = Float32Array.from(
    { length: rows * 4 },
    (_, i) => centers[4 * targets[i >> 2]! + (i % 4)]! + next(),
  );
  return { inputs, scale: 1, targets, rows };
}

/** Nothing to learn but by heart: 2,048 rows of noise with a random class each. */
function noise(): Unshaped {
  const next = uniform(12);
  const rows = 2048;
  const inputs = Float32Array.from({ length: rows * 1024 }, () => 2 * next() - 1);
  const targets = Int32Array.from({ length: rows }, () => Math.floor(10 * next()));
  return { inputs, scale: 1, targets, rows };
}

/** Squares and products of some of 20 numbers, and a little noise. */
function regression(): Unshaped {
  const next = normal(13);
  const rows = 20_000;
  const inputs = Float32Array.from({ length: rows * 20 }, next);
  const targets = Float32Array.from({ length: rows }, (_, row) => {
    const x = inputs.subarray(20 * row, 20 * row + 20);
    return x[0]! * x[1]! + 0.5 * x[2]! * x[2]! - x[3]! + 0.1 * next();
  });
  return { inputs, scale: 1, targets, rows };
}
