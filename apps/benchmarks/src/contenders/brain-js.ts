import { NeuralNetwork } from "brain.js";
import { firstBatches, oneHot } from "../batches.js";
import type { Prepare, Prepared } from "../contender.js";
import type { TrainingTask } from "../task.js";

/** A step is a batch of single samples, each with an update of its own. */
export const prepare: Prepare = (task) => {
  if (task.kind !== "training") throw new Error(`brain.js does not do ${task.workload.name}`);
  return training(task);
};

function training(task: TrainingTask): Prepared {
  const { workload, data, weights } = task;
  const isXor = workload.data === "xor";
  const network = new NeuralNetwork<Float32Array, Float32Array>({
    // Its own default for xor; with tanh it often does not learn it.
    activation: isXor ? "sigmoid" : "relu",
    learningRate: isXor ? 0.3 : 0.01,
  });
  network.sizes = [data.inputShape[0]!, ...weights.map(({ bias }) => bias.length)];
  network.initialize();
  const [width, outputs] = [network.sizes[0]!, network.sizes.at(-1)!];
  const samples = firstBatches(task).flatMap(({ inputs, targets }) => {
    const rows = isXor ? Float32Array.from(targets) : oneHot(targets, outputs);
    return Array.from(targets, (_, row) => ({
      input: inputs.slice(row * width, (row + 1) * width),
      output: rows.slice(row * outputs, (row + 1) * outputs),
    }));
  });
  let position = 0;
  let count = 0;
  let sum = 0;
  return {
    step(steps) {
      for (let i = 0; i < steps * workload.batchSize; i++) {
        sum += network.trainPattern(samples[position++ % samples.length]!, true)!;
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
