import { type Backend, compile, explainStep, type Step } from "@myelin/compiler";
import { type Network, wantMembers } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import { type FitOptions, settle } from "./fit-options.js";
import { optimizerState } from "./optimizer-state.js";
import { prepare } from "./prepare.js";
import { openSession } from "./session.js";
import { timeSlice } from "./time-slice.js";
import { startTrainer } from "./trainer.js";
import { runNow } from "./work.js";

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
  const session = openSession(network, paper, 0, "explain");
  const { loss, metrics, batchSize, ...settings } = settle(session, options, "explain");
  const optimizer = optimizerState(settings.optimizer, session.trained, session.device);
  const control = { rateFactor: 1 };
  const parts = { loss, optimizer, metrics, batchSize, seed: 0, shuffle: true, control };
  const trainer = startTrainer(session, parts);
  runNow(trainer.load(prepare(session, data, loss, "explain"), timeSlice()));
  return trainer.nextStep();
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
  const { backend, ...shaping } = Object(options) as typeof options;
  if (backend !== undefined) wantMembers("explain", "a backend such as wasm", backend, ["open"]);
  const step = trainingStepOf(network, data, shaping);
  const bytes = backend?.open().compile(compile(step)).bytes?.length;
  return bytes === undefined ? explainStep(step) : `${explainStep(step)}\nmodule: ${bytes} bytes`;
}
