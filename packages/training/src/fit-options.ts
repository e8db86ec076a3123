import type { Loss, Metric, Optimizer } from "@myelin/tensor";
import { want, wantCount, wantLoss, wantMembers, wantMetrics, wantSeed } from "./arguments.js";
import type { DataSet } from "./data-forms.js";
import { wantOutputForm } from "./output-form.js";
import type { Callback, EpochEvent, RunControl, StepEvent } from "./run-control.js";
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
  /** How much the rows of each class count, by label or index; 1 where absent. Multiplies `sampleWeights`. */
  readonly classWeights?: Readonly<Record<string, number>> | undefined;
  /**
   * Names of the classes in order of their indices, where targets are strings. Default: those that the model has, else the
   * distinct strings of the data in code-unit order; needed where the first batch does not have them all.
   */
  readonly labels?: readonly string[] | undefined;
  readonly callbacks?: readonly Callback[] | undefined;
  readonly onEpoch?: ((event: EpochEvent, control: RunControl) => void) | undefined;
  readonly onStep?: ((event: StepEvent, control: RunControl) => void) | undefined;
  /** Ends the run between two steps, with status "aborted". */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Batches, one step each, for data larger than memory; iterated once per epoch. A step is compiled for every number of rows;
 * the last eight stay.
 */
export type BatchStream = AsyncIterable<DataSet>;

/** Refuses options that make no sense, or not for this network. */
export function wantOptions(session: Session, options: FitOptions): void {
  want(typeof options === "object" && options, "fit", "options with a loss and an optimizer", options);
  const { epochs = 1, batchSize = 1, seed = 0, loss, optimizer, signal } = options;
  const { metrics = [], callbacks = [] } = options;
  wantCount("fit", "epochs", epochs);
  wantCount("fit", "batchSize", batchSize);
  wantSeed("fit", seed);
  wantLoss("fit", loss);
  wantOutputForm(session, loss, "fit");
  wantMembers("fit", "an optimizer such as sgd()", optimizer, ["update", "slots"]);
  wantMetrics("fit", metrics);
  want(Array.isArray(callbacks), "fit", "callbacks in an array", callbacks);
  const isSignal = signal === undefined || typeof signal.addEventListener === "function";
  want(isSignal, "fit", "an AbortSignal", signal, "Pass the signal of the AbortController.");
  const trains = session.trained.length > 0;
  want(trains, "fit", "a network with parameters that are trained", "no such parameters");
}
