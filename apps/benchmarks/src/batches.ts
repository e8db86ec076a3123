import type { Data } from "./data.js";
import type { TrainingTask } from "./task.js";

export interface Batch {
  /** [batchSize, ...inputShape], scaled. */
  readonly inputs: Float32Array;
  readonly targets: Int32Array | Float32Array;
}

/** So many batches are enough for a peer to go round in: they stay outside of the caches for the larger networks. */
const COUNT = 64;

/**
 * The first batches in order, ready made. Peers go round in them, which is less work than they would have in a program
 * (Myelin shuffles all rows, gathers each batch from bytes and scales it, in every step).
 */
export function firstBatches({ workload, data }: TrainingTask): readonly Batch[] {
  const { batchSize } = workload;
  const count = Math.min(COUNT, Math.floor(data.rows / batchSize));
  return Array.from({ length: count }, (_, batch) => ({
    inputs: scaledRows(data, batch * batchSize, batchSize),
    targets: data.targets.slice(batch * batchSize, (batch + 1) * batchSize),
  }));
}

export function scaledRows(data: Data, start: number, count: number): Float32Array {
  const width = data.inputShape.reduce((product, size) => product * size, 1);
  return Float32Array.from(
    data.inputs.subarray(start * width, (start + count) * width),
    (value) => value * data.scale,
  );
}

/** One row per target with 1 at its class. */
export function oneHot(targets: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(targets.length * classes);
  for (let row = 0; row < targets.length; row++) rows[row * classes + targets[row]!] = 1;
  return rows;
}
