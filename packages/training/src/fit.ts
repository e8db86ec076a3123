import { ArgumentError } from "@myelin/tensor";
import { wantCount, wantLoss, wantMetrics, wantOptimizer, wantSeed } from "./arguments.js";
import type { DataSet } from "./data-forms.js";
import { evaluateRows, sameMembers } from "./evaluate.js";
import type { BatchStream, FitOptions } from "./fit-options.js";
import { OptimizerState } from "./optimizer-state.js";
import { wantOutputForm } from "./output-form.js";
import { type Prepared, prepare, split } from "./prepare.js";
import { rowWeights } from "./row-weights.js";
import type { Callback, EpochEvent, RunControl, RunHooks, RunResult, RunStatus } from "./run-control.js";
import { Safeguard } from "./safeguard.js";
import type { Session } from "./session.js";
import { TimeSlice, type Work } from "./time-slice.js";
import { type Progress, Trainer } from "./trainer.js";

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
    if (taken)
      throw new ArgumentError(
        "fit",
        "a model that is not in training",
        "one that is",
        "Await or stop its run.",
      );
    try {
      return yield* new Fit(session, data, options, request, history).run();
    } finally {
      session.running = false;
    }
  }
}

class Fit {
  readonly #session: Session;
  readonly #options: FitOptions;
  readonly #request: Request;
  readonly #history: EpochEvent[];
  readonly #trainer: Trainer;
  readonly #safeguard: Safeguard;
  readonly #slice: TimeSlice = new TimeSlice();
  readonly #control: RunControl;
  /** Either these, or all data in memory: */
  readonly #batches: BatchStream | undefined;
  readonly #training: Prepared | undefined;
  readonly #validation: Prepared | undefined;

  constructor(
    session: Session,
    data: DataSet | BatchStream,
    options: FitOptions,
    request: Request,
    history: EpochEvent[],
  ) {
    if (typeof options !== "object" || options === null)
      throw new ArgumentError("fit", "options with a loss and an optimizer", options);
    const { batchSize = 32, seed = session.seed, shuffle = true, validation } = options;
    wantCount("fit", "epochs", options.epochs ?? 1);
    wantCount("fit", "batchSize", batchSize);
    wantSeed("fit", seed);
    wantLoss("fit", options.loss);
    wantOutputForm(session, options.loss, "fit");
    wantOptimizer(options.optimizer);
    wantMetrics("fit", options.metrics ?? []);
    const { signal } = options;
    if (signal !== undefined && typeof signal.addEventListener !== "function")
      throw new ArgumentError("fit", "an AbortSignal", signal, "Pass the signal of the AbortController.");
    this.#session = session;
    this.#options = options;
    this.#request = request;
    this.#history = history;
    this.#batches = isStream(data) ? data : undefined;
    const inMemory = this.#batches === undefined;
    let training = inMemory ? this.#prepare(data as DataSet) : undefined;
    if (training !== undefined) training = this.#weighted(training, options);
    else if (options.sampleWeights !== undefined)
      throw new ArgumentError(
        "fit",
        "data in memory beside sampleWeights",
        "batches as they come",
        "Use classWeights.",
      );
    if (validation !== undefined && "split" in validation) {
      if (training === undefined) throw new ArgumentError("fit", "validation data beside batches", "a split");
      [training, this.#validation] = split(training, session.network.inputShape, validation.split);
    } else if (validation !== undefined) this.#validation = this.#prepare(validation);

    const trainer = trainerFor(session, options);
    trainer.batchSize = batchSize;
    trainer.rateFactor = 1;
    trainer.seed = seed;
    trainer.shuffle = inMemory && shuffle;
    this.#trainer = trainer;
    this.#training = training;
    this.#safeguard = new Safeguard(trainer, inMemory);
    this.#control = controlOf(trainer, request, history);
  }

  *run(): Work<RunResult> {
    const { epochs = 1, callbacks = [], onEpoch } = this.#options;
    const session = this.#session;
    const request = this.#request;
    const control = this.#control;
    const hooks = callbacks.map((callback) => hooksOf(callback, control));
    if (onEpoch !== undefined) hooks.push({ onEpoch: (event) => onEpoch(event, control) });
    if (this.#slice.isOver) yield* this.#slice.rest();
    if (this.#training !== undefined) {
      yield* this.#trainer.loading(this.#training, this.#slice);
      this.#trainer.forgetOthers();
    }
    for (let epoch = 1; epoch <= epochs && request.status === undefined; epoch++) {
      const event = yield* this.#epoch(epoch);
      if (event === undefined) break;
      this.#history.push(event);
      for (const hook of hooks) hook.onEpoch?.(event);
    }
    if (request.status !== "diverged") this.#isDiverged(this.#safeguard.check(true));
    const status = request.status ?? "completed";
    for (const hook of hooks) hook.onEnd?.(status);
    return { status, message: request.message, history: this.#history, engine: session.engine };
  }

  /** Undefined when the run was asked to end before the end of the epoch. */
  *#epoch(epoch: number): Work<EpochEvent | undefined> {
    const session = this.#session;
    const trainer = this.#trainer;
    const { loss, metrics = [] } = this.#options;
    const start = performance.now();
    trainer.beginEpoch(session.epochs);
    yield* this.#batches === undefined ? this.#resident(epoch) : this.#streamed(epoch, this.#batches);
    if (this.#request.status !== undefined) return undefined;
    session.epochs++;
    const validation =
      this.#validation && (yield* evaluateRows(session, this.#validation, loss, metrics, this.#slice));
    return {
      epoch,
      loss: trainer.meanLoss,
      metrics: trainer.metricScores(),
      validation,
      learningRate: trainer.learningRate,
      seconds: (performance.now() - start) / 1000,
    };
  }

  /** All rows in memory: many steps per call. */
  *#resident(epoch: number): Work<void> {
    const slice = this.#slice;
    while (!this.#trainer.epochIsDone && this.#ready()) {
      slice.begin();
      const progress = this.#trainer.advance(slice.pieces);
      slice.end(progress.steps);
      this.#account(progress, epoch);
      if (slice.isOver) yield* slice.rest();
    }
  }

  /** Batches as they come: one step per call. */
  *#streamed(epoch: number, batches: BatchStream): Work<void> {
    const iterator = batches[Symbol.asyncIterator]();
    const trainer = this.#trainer;
    try {
      while (this.#ready()) {
        let next: IteratorResult<DataSet> | undefined;
        yield iterator.next().then((result) => {
          next = result;
        });
        if (next?.done !== false) break;
        const { classWeights } = this.#options;
        const batch = this.#weighted(this.#prepare(next.value), { classWeights });
        trainer.batchSize = batch.count;
        yield* trainer.loading(batch, this.#slice);
        this.#account(trainer.advance(1), epoch);
        // Batches that are there at once leave the event loop no room.
        if (this.#slice.isOver) yield* this.#slice.rest();
      }
    } catch (error) {
      // The error of the step matters more than one of closing the source.
      Promise.resolve(iterator.return?.()).catch(() => {});
      throw error;
    }
    if (this.#request.status !== undefined) yield iterator.return?.();
    else if (trainer.step === 0)
      throw new ArgumentError(
        "fit",
        "batches that can be iterated in every epoch",
        `no batch in epoch ${epoch}`,
      );
  }

  /** True unless the run has to end; keeps the weights safe. */
  #ready(): boolean {
    return this.#request.status === undefined && !this.#isDiverged(this.#safeguard.check());
  }

  #account(progress: Progress, epoch: number): void {
    if (this.#isDiverged(this.#safeguard.watch(progress))) return;
    const { step, stepsPerEpoch } = this.#trainer;
    const loss = progress.loss / progress.weight;
    this.#options.onStep?.({ epoch, step, steps: stepsPerEpoch, loss }, this.#control);
  }

  #isDiverged(message: string | undefined): boolean {
    if (message === undefined) return false;
    this.#request.status = "diverged";
    this.#request.message = message;
    return true;
  }

  #weighted(set: Prepared, options: Pick<FitOptions, "sampleWeights" | "classWeights">): Prepared {
    const classes = this.#session.network.outputShape.at(-1) ?? 1;
    return { ...set, weights: rowWeights(options, set, classes) };
  }

  #prepare(data: DataSet): Prepared {
    const session = this.#session;
    const { loss, labels = session.labels } = this.#options;
    const prepared = prepare(data, session.network, loss, { labels, features: session.features }, "fit");
    // Not before: data that cannot be used name no classes.
    session.labels = prepared.labels;
    session.features = prepared.features;
    return prepared;
  }
}

function isStream(data: DataSet | BatchStream): data is BatchStream {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

/** A factory of callbacks that was not called returns a callback, which would never be heard of again. */
function hooksOf(callback: Callback, control: RunControl): RunHooks {
  const hooks = callback(control);
  if (typeof hooks === "object" && hooks !== null) return hooks;
  const hint = "Call the factory: earlyStopping().";
  throw new ArgumentError("fit", "a callback that returns its hooks", hooks, hint);
}

function controlOf(trainer: Trainer, request: Request, history: readonly EpochEvent[]): RunControl {
  const { session } = trainer;
  return {
    history,
    stop(message) {
      request.status ??= "stopped";
      request.message ??= message;
    },
    get rateFactor() {
      return trainer.rateFactor;
    },
    set rateFactor(factor) {
      trainer.rateFactor = factor;
      // Steps of before and after cannot be repeated together.
      session.writes++;
    },
    readParameters: () => session.read(),
    writeParameters: (values) => session.write(values),
  };
}

/** The trainer of the run before, if it does the same; the optimizer of the run before, if it is the same value. */
function trainerFor(session: Session, { loss, optimizer, metrics = [] }: FitOptions): Trainer {
  const { device, layout, trainer: last } = session;
  if (layout.trainable.shape[0] === 0)
    throw new ArgumentError("fit", "a network with parameters that are trained", "no such parameters");
  const kept = last?.optimizer.definition === optimizer ? last.optimizer : undefined;
  if (last !== undefined && kept !== undefined && last.loss === loss && sameMembers(last.metrics, metrics))
    return last;
  last?.release();
  if (kept === undefined) last?.optimizer.release(device);
  session.trainer = new Trainer(
    session,
    loss,
    kept ?? new OptimizerState(optimizer, layout.trainable, device),
    metrics,
  );
  return session.trainer;
}
