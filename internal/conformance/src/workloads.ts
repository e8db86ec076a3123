import { relu, sigmoid, tanh } from "@myelin/activations";
import { conv2d, dense, flatten, maxPool2d, rescaling, sequential } from "@myelin/layers";
import { binaryCrossEntropy, crossEntropy, meanSquaredError } from "@myelin/losses";
import { adam, sgd } from "@myelin/optimizer";
import type { Network } from "@myelin/tensor";
import type { StepOptions } from "@myelin/training";

/** The networks that performance is measured on, as training steps. */
export interface Workload extends StepOptions {
  readonly network: Network;
  readonly batchSize: number;
  /** Bytes (images) or float32. */
  readonly inputs: "u8" | "f32";
  /** Class indices, or one number per row. */
  readonly targets: "classes" | "numbers";
}

const classes = { loss: crossEntropy({ fromLogits: true }), targets: "classes" } as const;

export const workloads: Readonly<Record<string, Workload>> = {
  W1: {
    network: sequential([2], dense(8, { activation: tanh }), dense(1, { activation: sigmoid })),
    loss: binaryCrossEntropy(),
    optimizer: sgd({ learningRate: 0.5 }),
    batchSize: 4,
    inputs: "f32",
    targets: "numbers",
  },
  W2: {
    network: sequential([4], dense(16, { activation: relu }), dense(16, { activation: relu }), dense(3)),
    optimizer: adam({ learningRate: 1e-2 }),
    batchSize: 16,
    inputs: "f32",
    ...classes,
  },
  W3: {
    network: sequential([784], rescaling(1 / 255), dense(128, { activation: relu }), dense(10)),
    optimizer: adam(),
    batchSize: 32,
    inputs: "u8",
    ...classes,
  },
  W4: {
    network: sequential(
      [784],
      rescaling(1 / 255),
      dense(512, { activation: relu }),
      dense(256, { activation: relu }),
      dense(10),
    ),
    optimizer: adam(),
    batchSize: 128,
    inputs: "u8",
    ...classes,
  },
  W5: {
    network: sequential(
      [1024],
      dense(2048, { activation: relu }),
      dense(2048, { activation: relu }),
      dense(10),
    ),
    optimizer: sgd({ learningRate: 0.01 }),
    batchSize: 256,
    inputs: "f32",
    ...classes,
  },
  W7: {
    network: sequential(
      [28, 28, 1],
      rescaling(1 / 255),
      conv2d(8, 3, { activation: relu }),
      maxPool2d(2),
      conv2d(16, 3, { activation: relu }),
      maxPool2d(2),
      flatten(),
      dense(10),
    ),
    optimizer: adam(),
    batchSize: 64,
    inputs: "u8",
    ...classes,
  },
  W9: {
    network: sequential([20], dense(64, { activation: relu }), dense(64, { activation: relu }), dense(1)),
    loss: meanSquaredError,
    optimizer: adam(),
    batchSize: 64,
    inputs: "f32",
    targets: "numbers",
  },
};

/** A few rows of data of the right kind: twice the batch, so that batches are full. */
export function dataFor({ network, batchSize, inputs, targets }: Workload): {
  inputs: { data: Uint8Array | Float32Array; shape: number[] };
  targets: { data: Uint8Array | Float32Array; shape: number[] };
} {
  const rows = 2 * batchSize;
  const width = network.inputShape.reduce((size, extent) => size * extent, 1);
  const data = inputs === "u8" ? new Uint8Array(rows * width) : new Float32Array(rows * width);
  data.forEach((_, i) => {
    data[i] = inputs === "u8" ? (i * 37) % 251 : ((i * 37) % 101) / 50 - 1;
  });
  const count = network.outputShape.at(-1) as number;
  return {
    inputs: { data, shape: [rows, ...network.inputShape] },
    targets:
      targets === "classes"
        ? { data: Uint8Array.from({ length: rows }, (_, i) => i % count), shape: [rows] }
        : { data: Float32Array.from({ length: rows }, (_, i) => i % 2), shape: [rows, 1] },
  };
}
