import { type Backend, compile, explainStep, type Step } from "@myelin/compiler";
import type { Network } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import type { FitOptions } from "./fit-options.js";
import { OptimizerState } from "./optimizer-state.js";
import { prepare } from "./prepare.js";
import { Session } from "./session.js";
import { Trainer } from "./trainer.js";
import { trainingStep } from "./training-step.js";

/** What shapes a training step: the rest of `FitOptions` only says how often it runs. */
export type StepOptions = Pick<FitOptions, "loss" | "optimizer" | "metrics" | "batchSize">;

/** Keeps nothing and runs nothing: enough to write a step down. */
const paper: Backend = {
  name: "paper",
  open: () => ({
    compile: () => {
      throw new Error("Steps on paper do not run");
    },
    write: () => {},
    read: () => new Float32Array(0),
    release: () => {},
  }),
};

/** The training step that `fit` compiles for full batches of these data, as expressions. */
export function trainingStepOf(network: Network, data: DataSet, options: StepOptions): Step {
  const { loss, optimizer, metrics = [], batchSize = 32 } = options;
  const session = new Session(network, paper, 0);
  const state = new OptimizerState(optimizer, session.layout.trainable, session.device);
  const trainer = new Trainer(session, loss, state, metrics);
  trainer.batchSize = batchSize;
  trainer.load(prepare(data, network, loss, {}, "explain"));
  return trainingStep(trainer.parts, trainer.nextRows);
}

/**
 * Everything that becomes of a training step, as text: the graph, why kernels were put together, the kernels, the memory
 * map, and, given a backend that makes one, the size of the binary.
 */
export function explain(
  network: Network,
  data: DataSet,
  options: StepOptions & { readonly backend?: Backend | undefined },
): string {
  const step = trainingStepOf(network, data, options);
  const bytes = options.backend?.open().compile(compile(step)).bytes?.length;
  return bytes === undefined ? explainStep(step) : `${explainStep(step)}\nmodule: ${bytes} bytes`;
}
