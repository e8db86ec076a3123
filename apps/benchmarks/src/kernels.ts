import { inputShapeOf } from "./data.js";
import type { DataKind, InferenceWorkload, LayerSpec, TrainingWorkload, Workload } from "./workloads.js";

/** The weights of one layer: [in, out], or [size, size, in, out] for a convolution; */
export interface Kernel {
  readonly shape: readonly number[];
  /** and at how many places of one row they are used. */
  readonly places: number;
}

export function kernelsOf(layers: readonly LayerSpec[], inputShape: readonly number[]): readonly Kernel[] {
  const kernels: Kernel[] = [];
  let shape = inputShape;
  for (const layer of layers) {
    const [height, width] = shape as [number, number];
    const channels = shape.at(-1)!;
    if (layer.kind === "maxPool") {
      shape = [Math.floor(height / layer.size), Math.floor(width / layer.size), channels];
    } else if (layer.kind === "dense") {
      kernels.push({ shape: [productOf(shape), layer.units], places: 1 });
      shape = [layer.units];
    } else {
      const { size, filters } = layer;
      const places = [height - size + 1, width - size + 1];
      kernels.push({ shape: [size, size, channels, filters], places: productOf(places) });
      shape = [...places, filters];
    }
  }
  return kernels;
}

/** Which data a network gets, and whether its images are flat. */
export function dataOf(workload: TrainingWorkload | InferenceWorkload): [kind: DataKind, flat: boolean] {
  const flat = workload.layers.every((layer) => layer.kind === "dense");
  return [workload.kind === "training" ? workload.data : "digits", flat];
}

/**
 * Multiplications and additions of the matrix products and convolutions of one step. Training needs each of them three times
 * (forward, and the gradients of weights and inputs), but nobody needs the gradient of the data.
 */
export function operationsOf(workload: Workload): number {
  if (workload.kind === "matmul") return 2 * workload.size ** 3;
  const { layers, batchSize, kind } = workload;
  const perRow = kernelsOf(layers, inputShapeOf(...dataOf(workload))).map(
    ({ shape, places }) => productOf(shape) * places,
  );
  const products = perRow.map((number, i) => (kind === "inference" ? 1 : i === 0 ? 2 : 3) * number);
  return 2 * batchSize * products.reduce((sum, number) => sum + number, 0);
}

export function productOf(numbers: readonly number[]): number {
  return numbers.reduce((product, number) => product * number, 1);
}
