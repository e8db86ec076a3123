import type { Backend } from "@myelin/compiler";
import {
  formatShape,
  type Json,
  type Loss,
  type Metric,
  type ModelState,
  type Network,
  nest,
  type Shape,
  sizeOf,
  want,
  withDefaults,
} from "@myelin/tensor";
import { wantLoss, wantMetrics } from "./arguments.js";
import type { DataSet, Numbers, Scores } from "./data-forms.js";
import { evaluateRows } from "./evaluate.js";
import { fit } from "./fit.js";
import { type BatchStream, type FitOptions, fitDefaults } from "./fit-options.js";
import { wantOutputForm } from "./output-form.js";
import { initialize, readParameters, restore, writeParameters } from "./parameters.js";
import { predictRows } from "./predict.js";
import { prepare } from "./prepare.js";
import { type Rows, readRows } from "./rows.js";
import type { EpochEvent, Request, RunResult } from "./run-control.js";
import { openSession, type Session } from "./session.js";
import { summarize } from "./summary.js";
import { startRun, type TrainingRun } from "./training-run.js";
import type { FitsNetwork, Prediction } from "./typed-data.js";
import { runNow } from "./work.js";

export interface ModelOptions {
  /** Where steps are compiled and run: `interpreter` of @myelin/compiler, `wasm` of @myelin/backend-wasm. */
  readonly backend: Backend;
  /** A whole number: initial parameters, shuffling and dropout follow from its low 32 bits alone. Default 0. */
  readonly seed?: number | undefined;
  /** Parameters, labels and preprocessing to start from: those of a saved model with the same network. */
  readonly state?: Omit<ModelState, "config"> | undefined;
}

/** All options of `fit` may be given, so that both can share a record. */
export interface EvaluateOptions {
  /** Default: that of the last fit. */
  readonly loss?: Loss | undefined;
  /** Default: those of the last fit. */
  readonly metrics?: readonly Metric[] | undefined;
}

export interface PredictOptions {
  /** Rows per run. Default: 1 for up to 8 rows, else 256 or 1,024. */
  readonly batchSize?: number | undefined;
  /** Apply the link of the loss: softmax or sigmoid for losses on logits. Default false. */
  readonly probabilities?: boolean | undefined;
  /** Whose link. Default: that of the last fit. */
  readonly loss?: Loss | undefined;
}

/** For `withDefaults`. */
const predictDefaults = { batchSize: undefined, probabilities: false, loss: undefined };

/**
 * A network with parameters, in the memory of a backend.
 *
 *     const model = new Model(sequential([2], dense(8, { activation: tanh }), dense(1)), { seed: 1, backend: wasm });
 *     const loss = binaryCrossEntropy({ fromLogits: true });
 *     await model.fit({ inputs, targets }, { loss, optimizer: sgd(), epochs: 100 });
 *     model.predict([0, 1]);
 *
 * The same seed, data and options give the same parameters, bit for bit, on the same backend.
 */
export class Model<out Input extends Shape = Shape, out Output extends Shape = Shape> {
  declare readonly network: Network<Input, Output>;
  declare readonly inputShape: Input;
  declare readonly outputShape: Output;
  declare readonly seed: number;
  /** Name of the backend. */
  declare readonly engine: string;
  /** How raw data become rows, as data; saved with the model. */
  declare preprocessing: Json | undefined;
  readonly #session: Session;

  constructor(network: Network<Input, Output>, options: ModelOptions) {
    const { backend, seed, state } = withDefaults("Model", options, {
      backend: undefined,
      seed: 0,
      state: undefined,
    });
    this.#session = openSession(network, backend, seed);
    this.network = network;
    this.inputShape = network.inputShape;
    this.outputShape = network.outputShape;
    this.seed = seed;
    this.engine = backend.name;
    if (state) restore(this.#session, state);
    else initialize(this.#session);
    this.preprocessing = state?.preprocessing;
  }

  /** Class names in order of their indices, once a fit has seen strings as targets. */
  get labels(): readonly string[] | undefined {
    return this.#session.labels;
  }

  /** Names of the columns of the inputs, in order, once a fit has seen records. */
  get features(): readonly string[] | undefined {
    return this.#session.features;
  }

  /**
   * Trains. Returns at once; the run starts on the next microtask and lets the event loop turn some 60 times a second.
   * Errors (`ArgumentError`, `ShapeError`) reject the run.
   */
  fit<In extends Shape, Out extends Shape, const Data extends DataSet | BatchStream>(
    this: Model<In, Out>,
    data: Data & FitsNetwork<Data, In, Out>,
    options: FitOptions,
  ): TrainingRun {
    const request: Request = {};
    const history: EpochEvent[] = [];
    const work = fit(this.#session, data, options, request, history);
    return startRun(work, history, request, options?.signal);
  }

  /** Trains to the end before it returns: for scripts and workers. */
  fitSync<In extends Shape, Out extends Shape, const Data extends DataSet>(
    this: Model<In, Out>,
    data: Data & FitsNetwork<Data, In, Out>,
    options: Omit<FitOptions, "signal">,
  ): RunResult {
    return runNow(fit(this.#session, data, options, {}, []));
  }

  /** Loss and metrics over data, outside of training: without dropout and penalties. */
  evaluate<In extends Shape, Out extends Shape, const Data extends DataSet>(
    this: Model<In, Out>,
    data: Data & FitsNetwork<Data, In, Out>,
    options: EvaluateOptions = {},
  ): Scores {
    const session = this.#session;
    withDefaults("evaluate", options, fitDefaults);
    const loss = this.#loss("evaluate", options.loss);
    const { metrics = session.fitted?.metrics ?? [] } = options;
    wantMetrics("evaluate", metrics);
    wantOutputForm(session, loss, "evaluate");
    const rows = prepare(session, data, loss, "evaluate");
    return runNow(evaluateRows(session, rows, loss, metrics));
  }

  /**
   * What the network outputs for one row or many. The answer has the form of the question: nested arrays give nested arrays,
   * a typed array gives a flat Float32Array, flat data with a shape the same.
   */
  predict<In extends Shape, Out extends Shape, const Source extends Numbers>(
    this: Model<In, Out>,
    source: Source,
    options?: PredictOptions,
  ): Prediction<Source, In, Out> {
    const rows = this.#rows("predict", source);
    const values = this.#outputs("predict", rows, options, options?.probabilities);
    const shape = rows.single ? this.outputShape : [rows.count, ...this.outputShape];
    const answer = ArrayBuffer.isView(source)
      ? values
      : Array.isArray(source) || rows.features
        ? nest(values, shape)
        : { data: values, shape };
    return answer as Prediction<Source, In, Out>;
  }

  /** The class of every row: its label if the model has labels, else its index (0 or 1 for one output). NaN is none. */
  classify(source: Numbers, options?: Omit<PredictOptions, "probabilities">): (string | number)[] {
    const { outputShape } = this;
    const width = sizeOf(outputShape);
    const rows = this.#rows("classify", source);
    const values = this.#outputs("classify", rows, options, width === 1);
    const { fitted } = this.#session;
    const { name, targets } = options?.loss ?? fitted?.loss ?? { name: "classes", targets: "classes" };
    const isDecision = outputShape.length < 2 && targets === (width === 1 ? "binary" : "classes");
    const received = `outputs ${formatShape(outputShape)} for ${name}`;
    want(isDecision, "classify", "one decision per row", received, "Use predict, or a loss for classes.");
    return Array.from({ length: rows.count }, (_, row) => {
      const scores = values.subarray(row * width, (row + 1) * width);
      const best = scores.reduce((a, b) => Math.max(a, b));
      want(!Number.isNaN(best), "classify", `numbers in row ${row}`, best);
      const index = width === 1 ? Number(best > 0.5) : scores.indexOf(best);
      return this.labels?.[index] ?? index;
    });
  }

  /** Copies of all parameters by name: `model.parameters["dense_1/kernel"]`. */
  get parameters(): Record<string, Float32Array> {
    return readParameters(this.#session);
  }

  /**
   * Sets some parameters by name, from flat numbers. Nothing is written if one of them does not fit. The next step of a run that
   * is under way starts from them; what the optimizer remembers stays.
   */
  setParameters(values: Readonly<Record<string, ArrayLike<number>>>): void {
    writeParameters(this.#session, values);
  }

  /** The model as data, for saving. */
  state(): ModelState {
    const { network, preprocessing, parameters, labels, features } = this;
    const { places } = this.#session;
    const tensors = places.map(({ path, spec }) => {
      return [path, { shape: spec.shape, data: parameters[path] as Float32Array }] as const;
    });
    return { config: network.config, tensors: Object.fromEntries(tensors), labels, features, preprocessing };
  }

  /** Layers, shapes and numbers of parameters, as a table. */
  summary(): string {
    return summarize(this.network, this.#session);
  }

  #rows(operation: string, source: Numbers): Rows {
    const { features } = this;
    const reading = { operation, what: "the rows", features, unchecked: true };
    return readRows(source, this.inputShape, reading, true);
  }

  /** What the network outputs, flat; `linked`: through the link of the loss. */
  #outputs(operation: string, rows: Rows, options?: PredictOptions, linked = false): Float32Array {
    const { batchSize, loss } = options ? withDefaults(operation, options, predictDefaults) : predictDefaults;
    return predictRows(this.#session, rows, batchSize, linked ? this.#loss(operation, loss) : undefined);
  }

  #loss(operation: string, given: Loss | undefined): Loss {
    const loss = given ?? this.#session.fitted?.loss;
    want(loss, operation, "a loss", "none", "Pass { loss }, or fit before.");
    wantLoss(operation, loss);
    return loss;
  }
}
