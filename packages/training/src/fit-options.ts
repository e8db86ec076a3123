import {
  type Loss,
  type Metric,
  type Optimizer,
  want,
  wantCount,
  wantMembers,
  withDefaults,
} from "@myelin/tensor";
import { wantLoss, wantMetrics, wantSeed } from "./arguments.js";
import type { DataSet } from "./data-forms.js";
import { wantOutputForm } from "./output-form.js";
import { type Callback, type EpochEvent, type RunControl, type StepEvent, wantHooks } from "./run-control.js";
import type { Session } from "./session.js";

export interface FitOptions {
  /** What is minimized. */
  readonly loss: Loss;
  /** How. The same value as in the fit before continues with its momentum and step count; any other starts anew. */
  readonly optimizer: Optimizer;
  readonly metrics?: readonly Metric[] | undefined;
  /** Passes over the data. Default 1. */
  readonly epochs?: number | undefined;
  /** Rows per step; the last step of an epoch takes what remains. Default 32. */
  readonly batchSize?: number | undefined;
  /** A new order in every epoch. Default true. */
  readonly shuffle?: boolean | undefined;
  /** Of shuffling and dropout. Default: that of the model. */
  readonly seed?: number | undefined;
  /** Data that are scored after every epoch, or the share of the last rows to cut off for that (before shuffling). */
  readonly validation?: DataSet | { readonly split: number } | undefined;
  /** How much each row counts in the loss (metrics are not weighted); not beside batches. Default: 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  /**
   * How much the rows of each class count, by label or index (with one output 0 and 1); 1 where absent. Multiplies
   * `sampleWeights`.
   */
  readonly classWeights?: Readonly<Record<string, number>> | undefined;
  /**
   * Names of the classes in order of their indices, as many as the network tells apart. Default: those that the model has,
   * else, where targets are strings, the distinct ones in code-unit order; needed where the first batch does not have them
   * all. A model keeps its labels.
   */
  readonly labels?: readonly string[] | undefined;
  readonly callbacks?: readonly Callback[] | undefined;
  /** The run waits for a promise, and ends with what it rejects with; so it does for all callbacks. */
  readonly onEpoch?: ((event: EpochEvent, control: RunControl) => unknown) | undefined;
  readonly onStep?: ((event: StepEvent, control: RunControl) => unknown) | undefined;
  /** Ends the run between two steps, with status "aborted". */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Batches, one step each, for data larger than memory; iterated once per epoch. A step is compiled for every number of rows;
 * the last eight stay.
 */
export type BatchStream = AsyncIterable<DataSet>;

/** Options as a run reads them. */
export interface Settings extends FitOptions {
  readonly metrics: readonly Metric[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly callbacks: readonly Callback[];
}

/** For `withDefaults`. */
export const fitDefaults = {
  loss: undefined,
  optimizer: undefined,
  metrics: [],
  epochs: 1,
  batchSize: 32,
  shuffle: true,
  seed: undefined,
  validation: undefined,
  sampleWeights: undefined,
  classWeights: undefined,
  labels: undefined,
  callbacks: [],
  onEpoch: undefined,
  onStep: undefined,
  signal: undefined,
} as const;

/** Fills options in; refuses those that make no sense, or not for this network. */
export function settle(session: Session, options: FitOptions, operation = "fit"): Settings {
  const settings = withDefaults(operation, options, { ...fitDefaults, seed: session.seed });
  const { epochs, batchSize, seed, loss, optimizer, signal, metrics, callbacks, labels } = settings;
  wantCount(operation, "epochs", epochs);
  wantCount(operation, "batchSize", batchSize);
  wantSeed(operation, seed);
  wantLoss(operation, loss);
  wantOutputForm(session, loss, operation);
  wantMembers(operation, "an optimizer such as sgd()", optimizer, ["update", "slots", "scalars"]);
  wantMetrics(operation, metrics);
  want(Array.isArray(callbacks), operation, "callbacks in an array", callbacks);
  wantHooks(settings);
  if (labels !== undefined) {
    const { labels: known } = session;
    const isList = Array.isArray(labels) && new Set(labels).size === labels.length;
    const fits = isList && typeof labels[0] === "string" && `${known ?? labels}` === `${labels}`;
    want(fits, operation, `${known ?? "different texts"} as labels`, labels);
  }
  const hint = "Pass controller.signal.";
  if (signal !== undefined) wantMembers(operation, "an AbortSignal", signal, ["addEventListener"], hint);
  want(session.trained[0], operation, "a network with parameters to train", "none");
  return settings;
}
