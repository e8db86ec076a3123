import { want, wantCount, wantLoss, wantMembers, wantMetrics, wantSeed } from "./arguments.js";
import type { DataSet } from "./data-forms.js";
import { evaluateRows } from "./evaluate.js";
import type { BatchStream, FitOptions } from "./fit-options.js";
import { kept } from "./kept.js";
import { optimizerState } from "./optimizer-state.js";
import { wantOutputForm } from "./output-form.js";
import { readParameters, writeParameters } from "./parameters.js";
import { type Prepared, prepare, split } from "./prepare.js";
import { rowWeights } from "./row-weights.js";
import type { Callback, EpochEvent, RunControl, RunHooks, RunResult, RunStatus } from "./run-control.js";
import { safeguard } from "./safeguard.js";
import type { Session } from "./session.js";
import { timeSlice } from "./time-slice.js";

import { startTrainer } from "./trainer.js";
import type { Work } from "./work.js";

/** Asks a run to end before its next step. */
export interface Request {
  status?: RunStatus | undefined;
  message?: string | undefined;
}

/**
 * One run of training as work in pieces. The model is taken at once; every epoch is added to `history` as soon as it is done.
 */
export function fit(
  session: Session,
  data: DataSet | BatchStream,
  options: FitOptions,
  request: Request,
  history: EpochEvent[],
): Work<RunResult> {
  const taken = session.running;
  session.running = true;
  return work();

  function* work(): Work<RunResult> {
    want(!taken, "fit", "a model that is not in training", "one that is", "Await or stop its run.");
    try {
      return yield* train(session, data, options, request, history);
    } finally {
      session.running = false;
    }
  }
}

function* train(
  session: Session,
  data: DataSet | BatchStream,
  options: FitOptions,
  request: Request,
  history: EpochEvent[],
): Work<RunResult> {
  wantOptions(session, options);
  const { loss, metrics = [], epochs = 1, batchSize = 32, seed = session.seed, shuffle = true } = options;
  const { callbacks = [], onEpoch, onStep } = options;
  const [training, validating] = readData(session, data, options);
  const control = controlOf(session, request, history);
  const optimizer = kept(session, "optimizer", [options.optimizer], () =>
    optimizerState(options.optimizer, session.trainable, session.device),
  );
  session.fitted = { loss, metrics };
  const trainer = startTrainer(session, {
    loss,
    optimizer,
    metrics,
    batchSize: training ? batchSize : Number.POSITIVE_INFINITY,
    seed,
    shuffle: training !== undefined && shuffle,
    control,
  });
  const guard = safeguard(trainer, request, training !== undefined);
  const slice = timeSlice();
  const hooks = callbacks.map((callback) => hooksOf(callback, control));
  let epoch = 1;

  /** False when the run has to end; keeps the weights safe. */
  const ready = () => {
    if (request.status === undefined) guard.check();
    return request.status === undefined;
  };
  /** Makes the steps of an epoch over the data that are loaded. */
  const makeSteps = function* (): Work<void> {
    while (!trainer.epochIsDone() && ready()) {
      const progress = slice.call(trainer.advance);
      guard.watch(progress);
      const mean = progress.loss / progress.weight;
      if (request.status === undefined)
        onStep?.({ epoch, step: trainer.at.step, steps: trainer.stepsPerEpoch(), loss: mean }, control);
      if (slice.isOver()) yield;
    }
  };
  const takeBatch = function* (batch: DataSet): Work<void> {
    yield* trainer.load(readWeighted(session, batch, options), slice);
    yield* makeSteps();
  };

  if (slice.isOver()) yield;
  if (training !== undefined) yield* trainer.load(training, slice);
  for (; epoch <= epochs && request.status === undefined; epoch++) {
    const start = performance.now();
    trainer.beginEpoch(session.epochs);
    if (training !== undefined) yield* makeSteps();
    else {
      const { takeBatches } = (yield import("./take-batches.js")) as typeof import("./take-batches.js");
      yield* takeBatches(data as BatchStream, ready, takeBatch);
    }
    if (request.status !== undefined) break;
    const received = trainer.at.step > 0 || `no batch in epoch ${epoch}`;
    want(received === true, "fit", "batches that can be iterated in every epoch", received);
    session.epochs++;
    const event: EpochEvent = {
      epoch,
      loss: trainer.meanLoss(),
      metrics: trainer.scores(),
      validation: validating && (yield* evaluateRows(session, validating, loss, metrics, slice)),
      learningRate: trainer.learningRate(),
      seconds: (performance.now() - start) / 1000,
    };
    history.push(event);
    for (const hook of hooks) hook.onEpoch?.(event);
    onEpoch?.(event, control);
  }
  if (request.status !== "diverged") guard.check(true);
  const { status = "completed", message } = request;
  for (const hook of hooks) hook.onEnd?.(status);
  return { status, message, history, engine: session.engine };
}

function wantOptions(session: Session, options: FitOptions): void {
  want(typeof options === "object" && options, "fit", "options with a loss and an optimizer", options);
  const { epochs = 1, batchSize = 1, seed = 0, loss, optimizer, metrics = [], signal } = options;
  wantCount("fit", "epochs", epochs);
  wantCount("fit", "batchSize", batchSize);
  wantSeed("fit", seed);
  wantLoss("fit", loss);
  wantOutputForm(session, loss, "fit");
  wantMembers("fit", "an optimizer such as sgd()", optimizer, ["update", "slots"]);
  wantMetrics("fit", metrics);
  const isSignal = signal === undefined || typeof signal.addEventListener === "function";
  want(isSignal, "fit", "an AbortSignal", signal, "Pass the signal of the AbortController.");
  const trains = session.trainable.shape[0] !== 0;
  want(trains, "fit", "a network with parameters that are trained", "no such parameters");
}

/** What is in memory from the start: rows to train on, unless they come in batches, and rows to validate with. */
function readData(
  session: Session,
  data: DataSet | BatchStream,
  options: FitOptions,
): [training: Prepared | undefined, validation?: Prepared] {
  const { sampleWeights, validation } = options;
  const training = isStream(data) ? undefined : readWeighted(session, data, options);
  const isKnown = training ?? sampleWeights === undefined;
  want(isKnown, "fit", "data in memory beside sampleWeights", "batches as they come", "Use classWeights.");
  if (validation === undefined) return [training];
  if (!("split" in validation)) return [training, readNamed(session, validation, options)];
  want(training, "fit", "validation data beside batches", "a split");
  return split(training, session.network.inputShape, validation.split);
}

function readWeighted(session: Session, data: DataSet, options: FitOptions): Prepared {
  const prepared = readNamed(session, data, options);
  const classes = session.network.outputShape.at(-1) ?? 1;
  return { ...prepared, weights: rowWeights(options, prepared, classes) };
}

/** Reads rows; the model learns the names of their classes and columns. */
function readNamed(session: Session, data: DataSet, { loss, labels }: FitOptions): Prepared {
  const prepared = prepare(session, data, loss, "fit", labels);
  // Not before: data that cannot be used name no classes.
  session.labels = prepared.labels;
  session.features = prepared.features;
  return prepared;
}

function isStream(data: DataSet | BatchStream): data is BatchStream {
  return Symbol.asyncIterator in Object(data);
}

/** A factory of callbacks that was not called returns a callback, which would never be heard of again. */
function hooksOf(callback: Callback, control: RunControl): RunHooks {
  const hooks = callback(control);
  const hint = "Call the factory: earlyStopping().";
  want(typeof hooks === "object" && hooks, "fit", "a callback that returns its hooks", hooks, hint);
  return hooks;
}

function controlOf(session: Session, request: Request, history: readonly EpochEvent[]): RunControl {
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
