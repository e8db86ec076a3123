import * as tf from "@tensorflow/tfjs-core";
// In Node the core has no gradients; this brings them.
import "@tensorflow/tfjs-layers";
import { firstBatches, oneHot, scaledRows } from "../batches.js";
import type { Prepare, Prepared } from "../contender.js";
import { alternating, meanCrossEntropy } from "../proofs.js";
import type { InferenceTask, MatmulTask, TrainingTask } from "../task.js";
import type { LayerSpec, TrainingWorkload } from "../workloads.js";

/** `optimizer.minimize` over batches that lie in its memory already; the loss is read at the end of a stretch only. */
export function prepare(backend: "wasm" | "cpu"): Prepare {
  return async (task) => {
    if (backend === "wasm") await import("@tensorflow/tfjs-backend-wasm");
    else await import("@tensorflow/tfjs-backend-cpu");
    await tf.setBackend(backend);
    await tf.ready();
    if (task.kind === "matmul") return matmul(task);
    return task.kind === "training" ? training(task) : inference(task);
  };
}

function training(task: TrainingTask): Prepared {
  const { workload, data } = task;
  const variables = variablesOf(task);
  const classes = task.weights.at(-1)!.bias.length;
  const batches = firstBatches(task).map(({ inputs, targets }) => ({
    x: tf.tensor(inputs, [workload.batchSize, ...data.inputShape]),
    y:
      workload.loss === "crossEntropy"
        ? tf.tensor2d(oneHot(targets, classes), [workload.batchSize, classes])
        : tf.tensor2d(Float32Array.from(targets), [workload.batchSize, 1]),
  }));
  const { kind, learningRate } = workload.optimizer;
  const optimizer =
    kind === "adam" ? tf.train.adam(learningRate, 0.9, 0.999, 1e-8) : tf.train.sgd(learningRate);
  const sum = tf.variable(tf.scalar(0), false);
  let position = 0;
  let steps = 0;
  return {
    step(count) {
      for (let i = 0; i < count; i++) {
        const { x, y } = batches[position++ % batches.length]!;
        tf.tidy(() => {
          const cost = optimizer.minimize(
            () => meanLoss(workload, forward(workload.layers, variables, x), y),
            true,
          );
          sum.assign(tf.add(sum, cost!));
        });
      }
      steps += count;
    },
    proof() {
      const mean = sum.dataSync()[0]! / steps;
      sum.assign(tf.scalar(0));
      steps = 0;
      return mean;
    },
  };
}

function inference(task: InferenceTask): Prepared {
  const { batchSize, layers } = task.workload;
  const variables = variablesOf(task);
  const inputs = scaledRows(task.data, 0, batchSize);
  let outputs: ArrayLike<number> = [];
  return {
    step(count) {
      for (let i = 0; i < count; i++)
        outputs = tf.tidy(() =>
          tf.softmax(forward(layers, variables, tf.tensor(inputs, [batchSize, 784]))).dataSync(),
        );
    },
    proof: () => meanCrossEntropy(outputs, task.data.targets, batchSize),
  };
}

function matmul({ workload, a, b }: MatmulTask): Prepared {
  const { size } = workload;
  const left = tf.tensor2d(a, [size, size]);
  const right = tf.tensor2d(b, [size, size]);
  let product: tf.Tensor = tf.zeros([size, size]);
  return {
    step(count) {
      for (let i = 0; i < count; i++) {
        product.dispose();
        product = tf.matMul(left, right);
      }
    },
    proof: () => alternating(product.dataSync()),
  };
}

function variablesOf(task: TrainingTask | InferenceTask): tf.Tensor[] {
  return task.weights.flatMap(({ kernel, shape, bias }) => [
    tf.variable(tf.tensor(kernel, [...shape])),
    tf.variable(tf.tensor1d(bias)),
  ]);
}

function forward(layers: readonly LayerSpec[], variables: tf.Tensor[], x: tf.Tensor): tf.Tensor {
  let y = x;
  let next = 0;
  for (const layer of layers) {
    if (layer.kind === "maxPool") {
      y = tf.maxPool(y as tf.Tensor4D, layer.size, layer.size, "valid");
      continue;
    }
    const [kernel, bias] = [variables[next++]!, variables[next++]!];
    if (layer.kind === "convolution") {
      y = tf.relu(tf.add(tf.conv2d(y as tf.Tensor4D, kernel as tf.Tensor4D, 1, "valid"), bias));
      continue;
    }
    if (y.rank === 4) y = tf.reshape(y, [y.shape[0]!, -1]);
    const activation = layer.activation === "tanh" ? undefined : layer.activation;
    y = tf.fused.matMul({
      a: y as tf.Tensor2D,
      b: kernel as tf.Tensor2D,
      transposeA: false,
      transposeB: false,
      bias,
      ...(activation === undefined ? {} : { activation }),
    });
    if (layer.activation === "tanh") y = tf.tanh(y);
  }
  return y;
}

function meanLoss({ loss }: TrainingWorkload, z: tf.Tensor, y: tf.Tensor): tf.Scalar {
  if (loss === "meanSquaredError") return tf.losses.meanSquaredError(y, z);
  if (loss === "crossEntropy") return tf.losses.softmaxCrossEntropy(y, z);
  return tf.losses.sigmoidCrossEntropy(y, z);
}
