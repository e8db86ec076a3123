/** What training gives: parameters, history, predictions, files. */
import * as activations from "@myelin/activations";
import { batches, blobs, linearData, spirals, twoMoons } from "@myelin/data";
import {
  accuracy,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  areaUnderRoc,
  averagePool2d,
  type Backend,
  binaryCrossEntropy,
  clipByGlobalNorm,
  conv2d,
  cosineDecay,
  crossEntropy,
  dense,
  dropout,
  f1,
  flatten,
  fromBytes,
  gelu,
  huber,
  initializers,
  interpreter,
  lion,
  logCosh,
  Model,
  maxPool2d,
  meanSquaredError,
  mish,
  nadam,
  type Optimizer,
  prelu,
  type RunResult,
  r2,
  regularizers,
  relu,
  rescaling,
  rmsprop,
  sequential,
  sgd,
  sigmoid,
  tanh,
  toBytes,
  uniform,
  warmUp,
  wasmWith,
} from "myelin";
import type { Findings } from "./fingerprint.js";

/** On one thread; sections that are about something else leave threads out. */
const single = wasmWith({ threads: 1 });

/** Everything that a run tells, but how long it took. */
function told({ history }: RunResult): Findings {
  return history.map(({ seconds, ...event }) => JSON.stringify(event));
}

/** Parameters in the order of their names. */
function parametersOf(model: { readonly parameters: Record<string, Float32Array> }): Findings {
  return Object.entries(model.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Binary classification: dropout, shuffled batches, Adam, metrics, validation. */
export async function denseNetwork(backend: Backend = single): Promise<Findings> {
  const network = sequential(
    [2],
    dense(24, { activation: tanh, kernelInitializer: initializers.heNormal }),
    dropout(0.2),
    dense(16, { activation: gelu(), kernelRegularizer: regularizers.l2(0.001) }),
    dense(1),
  );
  const model = new Model(network, { seed: 3, backend });
  const run = await model.fit(spirals({ rows: 150, seed: 1 }), {
    loss: binaryCrossEntropy({ fromLogits: true }),
    optimizer: adam({ learningRate: 0.01, clipping: clipByGlobalNorm(1) }),
    metrics: [accuracy, f1(), areaUnderRoc],
    epochs: 6,
    batchSize: 16,
    validation: { split: 0.2 },
  });
  return [told(run), parametersOf(model), model.predict([0.3, -0.2], { probabilities: true })];
}

/** Pictures of bars with noise, of eight by eight points. */
function pictures(count: number): { inputs: { data: Float32Array; shape: number[] }; targets: string[] } {
  const isOn = (picture: number, y: number, x: number) => (picture % 2 === 0 ? x : y) === picture % 8;
  const data = Float32Array.from({ length: count * 64 }, (_, i) => {
    const [picture, y, x] = [i >> 6, (i >> 3) & 7, i & 7];
    return Number(isOn(picture, y, x)) + 0.5 * uniform(4, 4, i);
  });
  const targets = Array.from({ length: count }, (_, picture) => (picture % 2 === 0 ? "upright" : "level"));
  return { inputs: { data, shape: [count, 8, 8, 1] }, targets };
}

/** Convolution, pooling, classes that are texts, momentum. */
export async function convolution(backend: Backend = single): Promise<Findings> {
  const network = sequential(
    [8, 8, 1],
    rescaling(2, -0.5),
    conv2d(6, 3, { activation: relu, padding: "same" }),
    maxPool2d(2),
    conv2d(4, 3, { activation: mish, strides: 1 }),
    averagePool2d(2),
    flatten(),
    dense(2),
  );
  const model = new Model(network, { seed: 8, backend });
  const { inputs, targets } = pictures(48);
  const loss = crossEntropy({ fromLogits: true });
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true });
  const options = { loss, optimizer, metrics: [accuracy], epochs: 4, batchSize: 10 };
  const run = await model.fit({ inputs, targets } as never, options);
  const rows = inputs.data.subarray(0, 640);
  return [
    told(run),
    parametersOf(model),
    model.labels ?? [],
    model.classify(rows as never),
    model.predict(rows as never, { probabilities: true }) as Float32Array,
  ];
}

/** Every activation, by the optimizers in turn. */
export async function allActivations(backend: Backend = single): Promise<Findings> {
  const { defineActivation, ...members } = activations;
  const made = Object.values(members).map((member) => (typeof member === "function" ? member() : member));
  const optimizers = [adadelta, adagrad, adamax, adamW, lion, nadam, rmsprop];
  const points = blobs({ rows: 40, seed: 2, centers: 3, features: 3 });
  const findings: Findings[] = [];
  for (const [i, activation] of made.entries()) {
    const network = sequential([3], dense(5, { activation }), prelu(), dense(3));
    const model = new Model(network, { seed: i, backend });
    const optimizer = (optimizers[i % optimizers.length] as () => Optimizer)();
    const loss = crossEntropy({ fromLogits: true, labelSmoothing: 0.1 });
    const run = await model.fit(points, { loss, optimizer, epochs: 3, batchSize: 8 });
    findings.push(activation.name, told(run), parametersOf(model));
  }
  return findings;
}

/** Regression with rates of a cosine after a warm-up, and three losses. */
export async function schedulesInUse(backend: Backend = single): Promise<Findings> {
  const points = linearData({ rows: 90, weights: [1, -2], noise: 0.2, seed: 6 });
  const findings: Findings[] = [];
  for (const loss of [meanSquaredError, huber(), logCosh]) {
    const learningRate = warmUp({ steps: 5, followedBy: cosineDecay({ initialRate: 0.05, steps: 60 }) });
    const model = new Model(sequential([2], dense(9, { activation: sigmoid }), dense(1)), {
      seed: 1,
      backend,
    });
    const run = await model.fit(points, {
      loss,
      optimizer: nadam({ learningRate }),
      metrics: [r2],
      epochs: 7,
      batchSize: 9,
    });
    findings.push(told(run), parametersOf(model));
  }
  return findings;
}

/** Batches that arrive one by one. */
export async function streamed(): Promise<Findings> {
  const stream = batches(twoMoons({ rows: 100, seed: 3 }), { size: 12, seed: 4 });
  const later = {
    async *[Symbol.asyncIterator]() {
      for (const batch of stream) {
        await new Promise((resolve) => setTimeout(resolve));
        yield batch;
      }
    },
  };
  const network = sequential([2], dense(12, { activation: relu }), dense(1));
  const model = new Model(network, { seed: 5, backend: single });
  const loss = binaryCrossEntropy({ fromLogits: true });
  const run = await model.fit(later, { loss, optimizer: adam(), epochs: 4 });
  return [told(run), parametersOf(model)];
}

/** The bytes of a file, and what the model in it predicts. */
export async function saved(): Promise<Findings> {
  const model = new Model(sequential([2], dense(7, { activation: tanh }), dense(3)), { seed: 2 });
  const { inputs, targets } = blobs({ rows: 60, seed: 1, centers: 3 });
  const names = Array.from(targets.data, (index) => ["ä", "b", "Z"][index] as string);
  const loss = crossEntropy({ fromLogits: true });
  await model.fit({ inputs, targets: names }, { loss, optimizer: adam({ learningRate: 0.02 }), epochs: 3 });
  const bytes = toBytes(model);
  const same = fromBytes(bytes);
  const again = same.predict(inputs.data);
  if (String(again) !== String(model.predict(inputs.data))) throw new Error("the file is not the model");
  return [bytes, again, same.classify(inputs.data) as string[]];
}

/** The portable backend. */
export async function portable(): Promise<Findings> {
  return [
    await denseNetwork(interpreter),
    await convolution(interpreter),
    await allActivations(interpreter),
    await schedulesInUse(interpreter),
  ];
}

/** Multiplications and additions rounded together, where the machine can; may differ. */
export async function fast(): Promise<Findings> {
  const backend = wasmWith({ threads: 1, numerics: "fast" });
  return [await denseNetwork(backend), await convolution(backend)];
}

/** A network whose steps are long enough for threads. */
export function wide(backend: Backend): { model: Model<readonly [32]>; train(steps: number): Findings } {
  const layers = [dense(192, { activation: gelu() }), dense(128, { activation: tanh }), dense(4)] as const;
  const model = new Model(sequential([32], ...layers), { seed: 9, backend });
  const points = blobs({ rows: 512, seed: 7, centers: 4, features: 32 });
  const loss = crossEntropy({ fromLogits: true });
  const optimizer = adam();
  const train = (steps: number): Findings => {
    const run = model.fitSync(points, { loss, optimizer, epochs: steps, batchSize: 128 });
    return [JSON.stringify(run.history.map(({ loss }) => loss)), parametersOf(model)];
  };
  return { model: model as never, train };
}
