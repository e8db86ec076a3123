import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { firstBatches, oneHot, scaledRows } from "../batches.js";
import type { Prepare, Prepared } from "../contender.js";
import { alternating, meanCrossEntropy } from "../proofs.js";
import type { InferenceTask, MatmulTask, TrainingTask } from "../task.js";
import type { LayerSpec, TrainingWorkload } from "../workloads.js";

type State = {
  parameters: np.Array[];
  first: np.Array[];
  second: np.Array[];
  /** Adam: beta1^t and beta2^t. */
  powers: np.Array[];
  loss: np.Array;
};

/** The whole step is one jitted function, with the optimizer inside, over batches that lie in its memory already. */
export const prepare: Prepare = async (task) => {
  await init("wasm");
  defaultDevice("wasm");
  if (task.kind === "matmul") return matmul(task);
  return task.kind === "training" ? training(task) : inference(task);
};

function training(task: TrainingTask): Prepared {
  const { workload, data } = task;
  const classes = task.weights.at(-1)!.bias.length;
  const parameters = parametersOf(task);
  const zeros = () => parameters.map((parameter) => np.zeros(parameter.shape));
  let state: State = {
    parameters,
    first: zeros(),
    second: zeros(),
    powers: [np.array(1), np.array(1)],
    loss: np.array(0),
  };
  const batches = firstBatches(task).map(({ inputs, targets }) => ({
    x: np.array(inputs).reshape([workload.batchSize, ...data.inputShape]),
    y:
      workload.loss === "crossEntropy"
        ? np.array(oneHot(targets, classes)).reshape([workload.batchSize, classes])
        : np.array(Float32Array.from(targets)).reshape([workload.batchSize, 1]),
  }));
  const lossOf = (p: np.Array[], x: np.Array, y: np.Array) =>
    meanLoss(workload, forward(workload.layers, p, x), y);
  const update = jit((before: State, x: np.Array, y: np.Array): State => {
    const { parameters, first, second, powers, loss } = before;
    const [value, gradients] = valueAndGrad(lossOf)(tree.ref(parameters), x, y);
    return { ...optimize(workload, { parameters, first, second, powers }, gradients), loss: loss.add(value) };
  });
  let position = 0;
  let steps = 0;
  return {
    step(count) {
      for (let i = 0; i < count; i++) {
        const { x, y } = batches[position++ % batches.length]!;
        state = update(state, x.ref, y.ref);
        // It runs when it is asked for; and it becomes slower with every step that waits.
        state.loss.ref.dataSync();
      }
      steps += count;
    },
    proof() {
      const [sum] = state.loss.dataSync();
      state = { ...state, loss: np.array(0) };
      const mean = sum! / steps;
      steps = 0;
      return mean;
    },
  };
}

function inference(task: InferenceTask): Prepared {
  const { batchSize, layers } = task.workload;
  const parameters = parametersOf(task);
  const inputs = scaledRows(task.data, 0, batchSize);
  const predict = jit((p: np.Array[], x: np.Array) => nn.softmax(forward(layers, p, x)));
  let outputs: ArrayLike<number> = [];
  return {
    step(count) {
      for (let i = 0; i < count; i++)
        outputs = predict(tree.ref(parameters), np.array(inputs).reshape([batchSize, 784])).dataSync();
    },
    proof: () => meanCrossEntropy(outputs, task.data.targets, batchSize),
  };
}

function matmul({ workload, a, b }: MatmulTask): Prepared {
  const { size } = workload;
  const left = np.array(a).reshape([size, size]);
  const right = np.array(b).reshape([size, size]);
  const multiply = jit((x: np.Array, y: np.Array) => np.matmul(x, y));
  let product: ArrayLike<number> = [];
  return {
    step(count) {
      for (let i = 0; i < count; i++) product = multiply(left.ref, right.ref).dataSync();
    },
    proof: () => alternating(product),
  };
}

function parametersOf(task: TrainingTask | InferenceTask): np.Array[] {
  return task.weights.flatMap(({ kernel, shape, bias }) => {
    const array = np.array(kernel).reshape([...shape]);
    // Convolutions are channels first here.
    return [shape.length === 4 ? array.transpose([3, 2, 0, 1]) : array, np.array(bias)];
  });
}

function forward(layers: readonly LayerSpec[], p: np.Array[], x: np.Array): np.Array {
  const isImage = x.ndim === 4;
  let y = isImage ? x.transpose([0, 3, 1, 2]) : x;
  let next = 0;
  for (const layer of layers) {
    if (layer.kind === "maxPool") {
      y = lax.reduceWindow(y, np.max, [1, 1, layer.size, layer.size], [1, 1, layer.size, layer.size]);
      continue;
    }
    const [kernel, bias] = [p[next++]!, p[next++]!];
    if (layer.kind === "convolution") {
      y = nn.relu(lax.conv(y, kernel, [1, 1], "VALID").add(bias.reshape([layer.filters, 1, 1])));
      continue;
    }
    // Rows in the order of the others: height, width, channels.
    if (y.ndim === 4) y = y.transpose([0, 2, 3, 1]).reshape([y.shape[0]!, -1]);
    y = np.dot(y, kernel).add(bias);
    if (layer.activation === "relu") y = nn.relu(y);
    if (layer.activation === "tanh") y = np.tanh(y);
  }
  return y;
}

function meanLoss({ loss }: TrainingWorkload, z: np.Array, y: np.Array): np.Array {
  if (loss === "meanSquaredError") return np.square(z.sub(y)).mean();
  if (loss === "crossEntropy") return nn.logSoftmax(z).mul(y).sum(-1).mean().neg();
  return nn.softplus(z.ref).sub(z.mul(y)).mean();
}

function optimize(
  { optimizer: { kind, learningRate } }: TrainingWorkload,
  { parameters, first, second, powers }: Omit<State, "loss">,
  gradients: np.Array[],
): Omit<State, "loss"> {
  if (kind === "sgd") {
    const stepped = parameters.map((p, i) => p.sub(gradients[i]!.mul(learningRate)));
    return { parameters: stepped, first, second, powers };
  }
  const power1 = powers[0]!.mul(0.9);
  const power2 = powers[1]!.mul(0.999);
  const m = first.map((old, i) => old.mul(0.9).add(gradients[i]!.ref.mul(0.1)));
  const v = second.map((old, i) => old.mul(0.999).add(np.square(gradients[i]!).mul(0.001)));
  const rate = np.array(learningRate).div(np.array(1).sub(power1.ref));
  const correction = np.array(1).sub(power2.ref);
  const stepped = parameters.map((p, i) => {
    const denominator = np.sqrt(v[i]!.ref.div(correction.ref)).add(1e-8);
    return p.sub(m[i]!.ref.mul(rate.ref).div(denominator));
  });
  rate.dispose();
  correction.dispose();
  return { parameters: stepped, first: m, second: v, powers: [power1, power2] };
}
