/** What is measured: the networks W1 to W9 of the project's performance plan. Everything is float32. */

export type LayerSpec =
  | { readonly kind: "dense"; readonly units: number; readonly activation?: "relu" | "tanh" }
  /** Stride 1, no padding, ReLU. */
  | { readonly kind: "convolution"; readonly filters: number; readonly size: number }
  /** Window = stride. */
  | { readonly kind: "maxPool"; readonly size: number };

export type OptimizerSpec = { readonly kind: "sgd" | "adam"; readonly learningRate: number };

/** Logits go into all of them but the squared error. */
export type LossKind = "binaryCrossEntropy" | "crossEntropy" | "meanSquaredError";

export type DataKind = "xor" | "blobs" | "digits" | "noise" | "regression";

interface Common {
  /** "W3". */
  readonly name: string;
  /** For people. */
  readonly title: string;
}

export interface TrainingWorkload extends Common {
  readonly kind: "training";
  readonly data: DataKind;
  readonly layers: readonly LayerSpec[];
  readonly loss: LossKind;
  readonly optimizer: OptimizerSpec;
  readonly batchSize: number;
  /** Steps over the first batches, in order, whose mean loss every library must agree on. */
  readonly proofSteps: number;
}

export interface InferenceWorkload extends Common {
  readonly kind: "inference";
  readonly layers: readonly LayerSpec[];
  /** Rows per call. */
  readonly batchSize: number;
}

export interface MatmulWorkload extends Common {
  readonly kind: "matmul";
  /** n x n times n x n. */
  readonly size: number;
}

export type Workload = TrainingWorkload | InferenceWorkload | MatmulWorkload;

const digits: readonly LayerSpec[] = [
  { kind: "dense", units: 128, activation: "relu" },
  { kind: "dense", units: 10 },
];

function training(
  name: string,
  title: string,
  rest: Omit<TrainingWorkload, "kind" | "name" | "title">,
): TrainingWorkload {
  return { kind: "training", name, title, ...rest };
}

function inference(batchSize: number): InferenceWorkload {
  const rows = batchSize === 1 ? "one row" : `${batchSize} rows`;
  return {
    kind: "inference",
    name: `W6-${batchSize}`,
    title: `inference 784-128-10, ${rows}`,
    layers: digits,
    batchSize,
  };
}

function matmul(size: number): MatmulWorkload {
  return { kind: "matmul", name: `W8-${size}`, title: `matmul ${size} x ${size}`, size };
}

export const workloads: readonly Workload[] = [
  training("W1", "xor 2-8-1, tanh, SGD, batch 4", {
    data: "xor",
    layers: [
      { kind: "dense", units: 8, activation: "tanh" },
      { kind: "dense", units: 1 },
    ],
    loss: "binaryCrossEntropy",
    optimizer: { kind: "sgd", learningRate: 0.5 },
    batchSize: 4,
    proofSteps: 100,
  }),
  training("W2", "iris-size 4-16-16-3, ReLU, Adam, batch 16", {
    data: "blobs",
    layers: [
      { kind: "dense", units: 16, activation: "relu" },
      { kind: "dense", units: 16, activation: "relu" },
      { kind: "dense", units: 3 },
    ],
    loss: "crossEntropy",
    optimizer: { kind: "adam", learningRate: 1e-2 },
    batchSize: 16,
    proofSteps: 9,
  }),
  training("W3", "digits 784-128-10, ReLU, Adam, batch 32", {
    data: "digits",
    layers: digits,
    loss: "crossEntropy",
    optimizer: { kind: "adam", learningRate: 1e-3 },
    batchSize: 32,
    proofSteps: 20,
  }),
  training("W4", "digits 784-512-256-10, ReLU, Adam, batch 128", {
    data: "digits",
    layers: [
      { kind: "dense", units: 512, activation: "relu" },
      { kind: "dense", units: 256, activation: "relu" },
      { kind: "dense", units: 10 },
    ],
    loss: "crossEntropy",
    optimizer: { kind: "adam", learningRate: 1e-3 },
    batchSize: 128,
    proofSteps: 10,
  }),
  training("W5", "wide 1024-2048-2048-10, ReLU, SGD, batch 256", {
    data: "noise",
    layers: [
      { kind: "dense", units: 2048, activation: "relu" },
      { kind: "dense", units: 2048, activation: "relu" },
      { kind: "dense", units: 10 },
    ],
    loss: "crossEntropy",
    optimizer: { kind: "sgd", learningRate: 0.01 },
    batchSize: 256,
    proofSteps: 3,
  }),
  inference(1),
  inference(1024),
  training("W7", "convolution 8@3x3, pool 2, 16@3x3, pool 2, dense 10, Adam, batch 64", {
    data: "digits",
    layers: [
      { kind: "convolution", filters: 8, size: 3 },
      { kind: "maxPool", size: 2 },
      { kind: "convolution", filters: 16, size: 3 },
      { kind: "maxPool", size: 2 },
      { kind: "dense", units: 10 },
    ],
    loss: "crossEntropy",
    optimizer: { kind: "adam", learningRate: 1e-3 },
    batchSize: 64,
    proofSteps: 5,
  }),
  ...[64, 128, 256, 512, 1024].map(matmul),
  training("W9", "regression 20-64-64-1, ReLU, Adam, batch 64", {
    data: "regression",
    layers: [
      { kind: "dense", units: 64, activation: "relu" },
      { kind: "dense", units: 64, activation: "relu" },
      { kind: "dense", units: 1 },
    ],
    loss: "meanSquaredError",
    optimizer: { kind: "adam", learningRate: 1e-3 },
    batchSize: 64,
    proofSteps: 20,
  }),
];

/** "W6" selects W6-1 and W6-1024. Throws for a name that selects nothing. */
export function selectWorkloads(names: readonly string[] | undefined): readonly Workload[] {
  if (names === undefined) return workloads;
  return names.flatMap((name) => {
    const found = workloads.filter(
      (workload) => workload.name === name || workload.name.startsWith(`${name}-`),
    );
    if (found.length > 0) return found;
    throw new Error(
      `no workload ${name}; there are ${workloads.map((workload) => workload.name).join(", ")}`,
    );
  });
}
