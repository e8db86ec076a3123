import { type Data, makeData } from "./data.js";
import { dataOf, kernelsOf, productOf } from "./kernels.js";
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
  const data = makeData(...dataOf(workload));
  const weights = firstWeights(workload.layers, data.inputShape);
  return workload.kind === "training"
    ? { kind: "training", workload, data, weights }
    : { kind: "inference", workload, data, weights };
}

/** Glorot: uniform within sqrt(6 / (fan in + fan out)). */
function firstWeights(layers: readonly LayerSpec[], inputShape: readonly number[]): readonly Weights[] {
  const next = uniform(22);
  return kernelsOf(layers, inputShape).map(({ shape }) => {
    const [from, to] = [shape.at(-2)!, shape.at(-1)!];
    const length = productOf(shape);
    const limit = Math.sqrt((6 * from * to) / (length * (from + to)));
    return {
      kernel: Float32Array.from({ length }, () => limit * (2 * next() - 1)),
      shape,
      bias: new Float32Array(to),
    };
  });
}
