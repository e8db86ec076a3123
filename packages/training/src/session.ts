import { type Backend, compile, type Device, type Executable, type Step } from "@myelin/compiler";
import { type Network, type Tensor, tensorOf, wantMembers } from "@myelin/tensor";
import { wantSeed } from "./arguments.js";
import type { FitOptions } from "./fit-options.js";
import type { Store } from "./kept.js";
import { type Layout, layOut, trace } from "./network.js";
import type { OutputForm } from "./output-form.js";

/** A network in the memory of a backend: what `fit`, `evaluate` and `predict` work on. */
export interface Session extends Layout {
  readonly network: Network;
  readonly seed: number;
  readonly engine: string;
  readonly device: Device;
  /** Programs and variables of earlier calls. */
  readonly store: Store;
  /** Updates and epochs since the network was made; they key dropout and shuffling. */
  steps: number;
  epochs: number;
  /** Counts changes from outside of a step, so that a run knows that its last snapshot is out of date. */
  writes: number;
  running: boolean;
  /** What the last fit was told: defaults of what comes after it. */
  fitted?: Pick<FitOptions, "loss" | "metrics">;
  /** Once a loss wanted to know. */
  outputForm?: OutputForm;
  /** Class names in order of their indices, once a fit has seen strings. */
  labels?: readonly string[] | undefined;
  /** Names of the columns of the inputs, once a fit has seen records. */
  features?: readonly string[] | undefined;
}

/** With zeros as parameters: `initialize` or `restore` sets them. */
export function openSession(network: Network, backend: Backend, seed: number, operation = "Model"): Session {
  const members = ["parameters", "inputShape"];
  wantMembers(operation, "a network such as sequential([2], dense(1))", network, members);
  wantMembers(operation, "a backend such as wasm", backend, ["open"]);
  wantSeed(operation, seed);
  return {
    ...layOut(network),
    network,
    seed,
    engine: backend.name,
    device: backend.open(),
    store: new Map(),
    steps: 0,
    epochs: 0,
    writes: 0,
    running: false,
  };
}

export function compileStep({ device }: Session, step: Step): Executable {
  return device.compile(compile(step));
}

/** The network outside of training, on f32 rows. A layer that draws random numbers even there draws the same every time. */
export function infer({ network, tree, seed }: Session, rows: Tensor): Tensor {
  return trace(network, tree, rows, tensorOf([seed, 0, 0], [3], "i32"), false).output;
}
