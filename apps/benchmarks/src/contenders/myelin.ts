import { type WasmOptions, wasmWith } from "@myelin/backend-wasm";
import {
  adam,
  type Backend,
  binaryCrossEntropy,
  conv2d,
  crossEntropy,
  dense,
  flatten,
  interpreter,
  type Layer,
  type Loss,
  Model,
  maxPool2d,
  meanSquaredError,
  type Network,
  type Optimizer,
  relu,
  rescaling,
  sequential,
  sgd,
  tanh,
} from "myelin";
import type { Prepare, Prepared } from "../contender.js";
import { meanCrossEntropy } from "../proofs.js";
import type { InferenceTask, TrainingTask } from "../task.js";
import type { LayerSpec, LossKind, OptimizerSpec } from "../workloads.js";
import { matmul } from "./myelin-matmul.js";

/** As a program would use it: the data set in memory as it is, `fitSync` with a new order in every epoch, `predict`. */
export function prepare(options: WasmOptions | "interpreter" = {}): Prepare {
  const backend = options === "interpreter" ? interpreter : wasmWith(options);
  return (task) => {
    if (task.kind === "matmul") return matmul(task, backend);
    return task.kind === "training" ? training(task, backend) : inference(task, backend);
  };
}

function training(task: TrainingTask, backend: Backend): Prepared {
  const { workload, data } = task;
  const { batchSize, proofSteps } = workload;
  const model = makeModel(task, backend);
  const options = { loss: lossOf(workload.loss), optimizer: optimizerOf(workload.optimizer), batchSize };
  const width = data.inputs.length / data.rows;
  const firstRows = (rows: number) => ({
    inputs: { data: data.inputs.subarray(0, rows * width), shape: [rows, ...data.inputShape] },
    targets: { data: data.targets.subarray(0, rows), shape: [rows] },
  });
  const stepsPerEpoch = Math.floor(data.rows / batchSize);
  // Full batches only, as the others have them.
  const all = firstRows(stepsPerEpoch * batchSize);
  let losses: readonly number[] = [];
  return {
    prove() {
      const run = model.fitSync(firstRows(proofSteps * batchSize), { ...options, shuffle: false });
      losses = run.history.map(({ loss }) => loss);
    },
    step(count) {
      const epochs = Math.ceil(count / stepsPerEpoch);
      const run = model.fitSync(all, { ...options, epochs });
      if (run.status !== "completed") throw new Error(run.message);
      losses = run.history.map(({ loss }) => loss);
      return epochs * stepsPerEpoch;
    },
    proof: () => losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  };
}

function inference(task: InferenceTask, backend: Backend): Prepared {
  const { data, workload } = task;
  const { batchSize } = workload;
  const model = makeModel(task, backend);
  const inputs = data.inputs.slice(0, (batchSize * data.inputs.length) / data.rows);
  const options = { loss: crossEntropy({ fromLogits: true }), probabilities: true };
  let outputs: Float32Array = new Float32Array();
  return {
    step(count) {
      for (let i = 0; i < count; i++) outputs = model.predict(inputs, options);
    },
    proof: () => meanCrossEntropy(outputs, data.targets, batchSize),
  };
}

function makeModel({ workload, data, weights }: TrainingTask | InferenceTask, backend: Backend): Model {
  const model: Model = new Model(makeNetwork(workload.layers, data.inputShape, data.scale), {
    seed: 1,
    backend,
  });
  const values = weights.flatMap(({ kernel, bias }) => [kernel, bias]);
  const names = Object.keys(model.parameters);
  model.setParameters(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
  return model;
}

function makeNetwork(specs: readonly LayerSpec[], inputShape: readonly number[], scale: number): Network {
  const isImage = inputShape.length === 3;
  const layers = specs.flatMap((spec): Layer[] => {
    if (spec.kind === "convolution") return [conv2d(spec.filters, spec.size, { activation: relu })];
    if (spec.kind === "maxPool") return [maxPool2d(spec.size)];
    const activation = spec.activation && { relu, tanh }[spec.activation];
    return [...(isImage ? [flatten()] : []), dense(spec.units, { activation })];
  });
  return sequential(inputShape, ...(scale === 1 ? [] : [rescaling(scale)]), ...layers);
}

function lossOf(kind: LossKind): Loss {
  if (kind === "meanSquaredError") return meanSquaredError;
  const make = { crossEntropy, binaryCrossEntropy }[kind];
  return make({ fromLogits: true });
}

function optimizerOf({ kind, learningRate }: OptimizerSpec): Optimizer {
  return { sgd, adam }[kind]({ learningRate });
}
