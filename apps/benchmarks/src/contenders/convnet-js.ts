import convnet from "convnetjs";
import { firstBatches, scaledRows } from "../batches.js";
import type { Prepare, Prepared } from "../contender.js";
import { meanCrossEntropy } from "../proofs.js";
import type { InferenceTask, TrainingTask, Weights } from "../task.js";
import type { LayerSpec, LossKind } from "../workloads.js";

/** Float64 throughout. A step is a batch of single samples with one update at its end. */
export const prepare: Prepare = (task) => {
  if (task.kind === "matmul") throw new Error("ConvNetJS has no matrices");
  return task.kind === "training" ? training(task) : inference(task);
};

function training(task: TrainingTask): Prepared {
  const { workload, data } = task;
  const { batchSize, optimizer, loss } = workload;
  const net = makeNet(task, loss);
  const trainer = new convnet.Trainer(net, {
    batch_size: batchSize,
    learning_rate: optimizer.learningRate,
    momentum: 0,
    method: optimizer.kind === "adam" ? "windowgrad" : "sgd",
  });
  const samples = firstBatches(task).flatMap(({ inputs, targets }) =>
    volumes(inputs, data.inputShape).map((input, row) => ({
      input,
      target: loss === "meanSquaredError" ? [targets[row]!] : targets[row]!,
    })),
  );
  let position = 0;
  let count = 0;
  let sum = 0;
  return {
    step(steps) {
      for (let i = 0; i < steps * batchSize; i++) {
        const { input, target } = samples[position++ % samples.length]!;
        sum += trainer.train(input, target).cost_loss;
        count++;
      }
    },
    proof() {
      const mean = sum / count;
      [sum, count] = [0, 0];
      return mean;
    },
  };
}

function inference(task: InferenceTask): Prepared {
  const { batchSize } = task.workload;
  const net = makeNet(task, "crossEntropy");
  const rows = volumes(scaledRows(task.data, 0, batchSize), task.data.inputShape);
  const outputs = new Float64Array(batchSize * 10);
  return {
    step(count) {
      for (let i = 0; i < count; i++)
        for (let row = 0; row < batchSize; row++) outputs.set(net.forward(rows[row]!).w, row * 10);
    },
    proof: () => meanCrossEntropy(outputs, task.data.targets, batchSize),
  };
}

function makeNet({ workload, data, weights }: TrainingTask | InferenceTask, loss: LossKind): convnet.Net {
  const [width = 1, height = 1, depth = 1] =
    data.inputShape.length === 3 ? data.inputShape : [1, 1, data.inputShape[0]];
  const net = new convnet.Net();
  net.makeLayers([
    { type: "input", out_sx: width, out_sy: height, out_depth: depth },
    ...workload.layers.slice(0, -1).map(define),
    loss === "meanSquaredError"
      ? { type: "regression", num_neurons: 1 }
      : { type: "softmax", num_classes: Math.max(2, weights.at(-1)!.bias.length) },
  ]);
  const trained = net.layers.filter((layer) => layer.filters !== undefined);
  if (loss !== "binaryCrossEntropy")
    for (const [i, layer] of trained.entries()) setWeights(layer, weights[i]!);
  return net;
}

function define(layer: LayerSpec): object {
  if (layer.kind === "maxPool") return { type: "pool", sx: layer.size, stride: layer.size };
  if (layer.kind === "dense") return { type: "fc", num_neurons: layer.units, activation: layer.activation };
  return { type: "conv", sx: layer.size, filters: layer.filters, stride: 1, pad: 0, activation: "relu" };
}

/** A filter holds the weights of one output, in the order of the other axes. */
function setWeights({ filters = [], biases }: convnet.Layer, { kernel, bias }: Weights): void {
  for (const [out, filter] of filters.entries())
    for (let i = 0; i < filter.w.length; i++) filter.w[i] = kernel[i * filters.length + out]!;
  for (let i = 0; i < bias.length; i++) biases!.w[i] = bias[i]!;
}

function volumes(inputs: Float32Array, shape: readonly number[]): convnet.Vol[] {
  const [width = 1, height = 1, depth = 1] = shape.length === 3 ? shape : [1, 1, shape[0]];
  const size = width * height * depth;
  return Array.from({ length: inputs.length / size }, (_, row) => {
    const volume = new convnet.Vol(width, height, depth, 0);
    volume.w = Float64Array.from(inputs.subarray(row * size, (row + 1) * size));
    return volume;
  });
}
