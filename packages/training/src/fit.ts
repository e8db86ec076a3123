import { want } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import { evaluateRows } from "./evaluate.js";
import { type BatchStream, type FitOptions, settle } from "./fit-options.js";
import { kept } from "./kept.js";
import { optimizerState } from "./optimizer-state.js";
import {
  controlOf,
  type EpochEvent,
  hooksOf,
  type Request,
  type RunHooks,
  type RunResult,
} from "./run-control.js";
import { safeguard } from "./safeguard.js";
import type { Session } from "./session.js";
import { takeBatches } from "./take-batches.js";
import { timeSlice } from "./time-slice.js";
import { startTrainer } from "./trainer.js";
import { readData, readWeighted } from "./training-data.js";
import { readersTurn, settled, type Work } from "./work.js";

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
  const slice = timeSlice();
  const settings = settle(session, options);
  const { loss, metrics, epochs, batchSize, seed, shuffle, callbacks, onEpoch, onStep } = settings;
  const [training, validating] = readData(session, data, settings);
  const control = controlOf(session, request, history);
  const optimizer = kept(session, "optimizer", [settings.optimizer], () =>
    optimizerState(settings.optimizer, session.trained, session.device),
  );
  session.fitted = { loss, metrics };
  const trainer = startTrainer(session, {
    loss,
    optimizer,
    metrics,
    batchSize: training ? batchSize : Infinity,
    seed,
    shuffle: !!training && shuffle,
    control,
  });
  const guard = safeguard(trainer, request, !!training);
  const hooks = [
    ...callbacks.map((callback) => hooksOf(callback, control)),
    { onEpoch: (event: EpochEvent) => onEpoch?.(event, control) } as RunHooks,
  ];
  let epoch = 1;

  /** False when the run has to end; keeps the weights safe. */
  const ready = () => {
    if (!request.status) guard.check();
    return !request.status;
  };
  /** Makes the steps of an epoch over the data that are loaded. */
  const makeSteps = function* (): Work<void> {
    while (!trainer.epochIsDone() && ready()) {
      const progress = slice.call(trainer.advance);
      guard.watch(progress);
      const mean = progress.loss / progress.weight;
      if (!request.status)
        yield* settled(
          onStep?.({ epoch, step: trainer.at.step, steps: trainer.stepsPerEpoch(), loss: mean }, control),
        );
      if (slice.isOver()) yield;
    }
  };
  const takeBatch = function* (batch: DataSet): Work<void> {
    yield* trainer.load(readWeighted(session, batch, settings), slice);
    yield* makeSteps();
  };

  if (slice.isOver()) yield;
  if (training) yield* trainer.load(training, slice);
  for (; epoch <= epochs && !request.status; epoch++) {
    const start = performance.now();
    trainer.beginEpoch(session.epochs);
    if (training) yield* makeSteps();
    else yield* takeBatches(data as BatchStream, epoch, ready, takeBatch);
    if (request.status) break;
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
    for (const hook of hooks) {
      const returned = hook.onEpoch?.(event);
      // An epoch may take a microsecond, and a generator a good part of it.
      if (returned) yield* settled(returned);
    }
    if (request.awaited) yield readersTurn(request);
  }
  if (request.status !== "diverged") guard.check(true);
  const { status = "completed", message } = request;
  for (const hook of hooks) yield* settled(hook.onEnd?.(status));
  return { status, message, history, engine: session.engine };
}
