import { type Data, makeData } from "./data.js";
import { uniform } from "./random.js";
import type {
  InferenceWorkload,
  LayerSpec,
  MatmulWorkload,
  TrainingWorkload,
  Workload,
} from "./workloads.js";

/** Weights of one dense layer ([in, out]) or convolution ([size, size, in, out]). */
export interface Weights {
  readonly kernel: Float32Array;
  readonly shape: readonly number[];
  /** Zeros. */
  readonly bias: Float32Array;
}

/** A workload with its data and the weights that every library starts from. */
export interface TrainingTask {
  readonly kind: "training";
  readonly workload: TrainingWorkload;
  readonly data: Data;
  readonly weights: readonly Weights[];
}

export interface InferenceTask {
  readonly kind: "inference";
  readonly workload: InferenceWorkload;
  readonly data: Data;
  readonly weights: readonly Weights[];
}

export interface MatmulTask {
  readonly kind: "matmul";
  readonly workload: MatmulWorkload;
  /** [n, n] each. */
  readonly a: Float32Array;
  readonly b: Float32Array;
}

export type Task = TrainingTask | InferenceTask | MatmulTask;

export function makeTask(workload: Workload): Task {
  if (workload.kind === "matmul") {
    const next = uniform(21);
    const matrix = () => Float32Array.from({ length: workload.size ** 2 }, () => 2 * next() - 1);
    return { kind: "matmul", workload, a: matrix(), b: matrix() };
  }
  const flat = workload.layers.every((layer) => layer.kind === "dense");
  const data = makeData(workload.kind === "training" ? workload.data : "digits", flat);
  const weights = firstWeights(workload.layers, data.inputShape);
  return workload.kind === "training"
    ? { kind: "training", workload, data, weights }
    : { kind: "inference", workload, data, weights };
}

/** Glorot: uniform within sqrt(6 / (fan in + fan out)). */
function firstWeights(layers: readonly LayerSpec[], inputShape: readonly number[]): readonly Weights[] {
  const next = uniform(22);
  const weights: Weights[] = [];
  let shape = inputShape;
  for (const layer of layers) {
    const channels = shape.at(-1)!;
    if (layer.kind === "maxPool") {
      shape = [Math.floor(shape[0]! / layer.size), Math.floor(shape[1]! / layer.size), channels];
      continue;
    }
    const isDense = layer.kind === "dense";
    const kernel = isDense
      ? [shape.reduce((product, size) => product * size, 1), layer.units]
      : [layer.size, layer.size, channels, layer.filters];
    const out = kernel.at(-1)!;
    const window = isDense ? 1 : layer.size ** 2;
    const limit = Math.sqrt(6 / (window * (kernel.at(-2)! + out)));
    const length = kernel.reduce((product, size) => product * size, 1);
    weights.push({
      kernel: Float32Array.from({ length }, () => limit * (2 * next() - 1)),
      shape: kernel,
      bias: new Float32Array(out),
    });
    shape = isDense ? [out] : [shape[0]! - layer.size + 1, shape[1]! - layer.size + 1, out];
  }
  return weights;
}
