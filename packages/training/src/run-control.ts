import { want } from "@myelin/tensor";
import type { MetricValue, Scores } from "./data-forms.js";
import { readParameters, writeParameters } from "./parameters.js";
import type { Session } from "./session.js";

/** What one epoch did. */
export interface EpochEvent {
  /** Counted from 1 in every run. */
  readonly epoch: number;
  /**
   * Mean over the rows, each with the weights of its step: dropout is on, penalties are part of it, and the network was
   * another one at the start of the epoch than at its end. Compare with `validation.loss` with that in mind.
   */
  readonly loss: number;
  /** Metrics over the same predictions as the loss. */
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** Scores on the validation data with the weights at the end of the epoch. */
  readonly validation?: Scores | undefined;
  /** Of the last step. */
  readonly learningRate: number;
  readonly seconds: number;
}

/** Where a run stands; sent after each stretch of steps (at most some 10 milliseconds, or one step). */
export interface StepEvent {
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly steps: number;
  /** Mean over the rows since the event before. */
  readonly loss: number;
}

/** completed: all epochs; stopped: by a callback or `stop()`; aborted: by the signal; diverged: the loss was not finite any more. */
export type RunStatus = "completed" | "stopped" | "aborted" | "diverged";

export interface RunResult {
  readonly status: RunStatus;
  /** Why the run ended, unless it completed. */
  readonly message?: string | undefined;
  readonly history: readonly EpochEvent[];
  /**
   * The backend that ran it: results are bit-equal within one, for every machine and number of threads; within "wasm fast"
   * only on one machine and runtime.
   */
  readonly engine: string;
}

/** What callbacks may do to the run that they watch. */
export interface RunControl {
  readonly history: readonly EpochEvent[];
  /** Ends the run after this epoch. */
  stop(message?: string): void;
  /** Multiplies every learning rate from the next step on. Starts at 1. */
  rateFactor: number;
  /** Copies of all parameters by name. */
  readParameters(): Record<string, Float32Array>;
  writeParameters(values: Readonly<Record<string, ArrayLike<number>>>): void;
}

/** `fit` waits for promises that hooks return, and ends with what they throw or reject with. */
export interface RunHooks {
  onEpoch?(event: EpochEvent): unknown;
  /** Called once, whatever ended the run. */
  onEnd?(status: RunStatus): unknown;
}

/** Called at the start of every run, so that what it remembers belongs to that run alone. */
export type Callback = (control: RunControl) => RunHooks;

/** Asks a run to end before its next step. */
export interface Request {
  status?: RunStatus | undefined;
  message?: string | undefined;
  /** Someone waits for the next epoch. */
  awaited?: boolean;
}

/** A factory of callbacks that was not called returns a callback, which would never be heard of again. */
export function hooksOf(callback: Callback, control: RunControl): RunHooks {
  const hooks = typeof callback === "function" && callback(control);
  const wanted = "a callback that returns hooks";
  const hint = "Call the factory: earlyStopping().";
  want(typeof hooks === "object" && hooks, "fit", wanted, hooks || callback, hint);
  wantHooks(hooks);
  return hooks;
}

/** Refuses what cannot be called when its time comes. */
export function wantHooks(hooks: object): void {
  for (const name of ["onEpoch", "onStep", "onEnd"]) {
    const hook = (hooks as Readonly<Record<string, unknown>>)[name];
    want(hook === undefined || typeof hook === "function", "fit", `a function as ${name}`, hook);
  }
}

export function controlOf(session: Session, request: Request, history: readonly EpochEvent[]): RunControl {
  let factor = 1;
  return {
    history,
    stop(message) {
      request.status ??= "stopped";
      request.message ??= message;
    },
    get rateFactor() {
      return factor;
    },
    set rateFactor(value) {
      factor = value;
      // Steps of before and after cannot be repeated together.
      session.writes++;
    },
    readParameters: () => readParameters(session),
    writeParameters: (values) => writeParameters(session, values),
  };
}
