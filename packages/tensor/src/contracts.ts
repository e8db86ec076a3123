import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * What activations, layers, losses, metrics and optimizers are to each other: plain values with a configuration and pure
 * functions over tensors. The packages that define them depend on these types only, never on each other.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value as data. `kind` is the name under which its package exports it; a loader finds it in the namespace it was given
 * (`import * as layers`), so there is no registry. An export that is a value is taken as it is (`relu`); a function is
 * called with `arguments` where the config has them (`dense(128, {...})`), else with all other options as one record
 * (`leakyRelu({...})`). Configs inside of options and arguments are rebuilt first.
 */
export interface Config {
  readonly kind: string;
  readonly [option: string]: Json;
}

export interface Activation {
  /** The name of the export: "relu", "leakyRelu". */
  readonly name: string;
  readonly config: Config;
  /** Shape in = shape out. */
  forward(z: Tensor): Tensor;
  /** The same on one number in f64: what tests compare with. Absent where the function is not element-wise (softmax). */
  readonly reference?: ((z: number) => number) | undefined;
  /** Where the derivative jumps; gradient checks stay away from these points. */
  readonly kinks: readonly number[];
  /** Closed or open interval of values, for documentation and output-layer advice. */
  readonly range: readonly [low: number, high: number];
}

/** A function from shapes to shapes that the type system can apply: `output` is written in terms of `this["input"]`. */
export interface ShapeFunction {
  /** A shape; `unknown` here, because `Shape & [784]` would not be a tuple any more. */
  readonly input: unknown;
  /** A shape, or a `ShapeMismatch` with the reason. */
  readonly output: unknown;
}

export type ApplyShape<F extends ShapeFunction, Input extends Shape> = (F & {
  readonly input: Input;
})["output"];

/** For layers that do not change the shape. */
export interface SameShape extends ShapeFunction {
  readonly output: this["input"];
}

export interface Initializer {
  readonly config: Config;
  /** Deterministic values for a parameter; fans are read off the shape [..spatial, in, out]. */
  generate(shape: Shape, key: { readonly seed: number; readonly stream: number }): Float32Array;
}

export interface ParameterSpec {
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** False for state that no gradient reaches (running means). Default true. */
  readonly trainable?: boolean | undefined;
}

export interface ParameterSpecs {
  readonly [name: string]: ParameterSpec | ParameterSpecs;
}

export interface ParameterTensors {
  readonly [name: string]: Tensor | ParameterTensors;
}

export interface LayerContext {
  /** [rows, ...features]. */
  readonly input: Tensor;
  /** What `parameters` declared, by the same names. */
  readonly parameters: ParameterTensors;
  /** True inside `fit`. A constant of the trace, never a tensor. */
  readonly training: boolean;
  /** True where the layer, or a network around it, has `trainable: false`: `update` and `addPenalty` do nothing. Default false. */
  readonly frozen?: boolean | undefined;
  /** Fresh uniform numbers in [0, 1): differ in every step, at every call and in every layer. */
  random(shape: Shape): Tensor;
  /** New value for a parameter that is not trainable; written at the end of the step, ignored outside of training. */
  update(name: string, value: Tensor): void;
  /** A scalar that training adds to the loss (regularizers). */
  addPenalty(value: Tensor): void;
}

/** A layer is a value; feature shapes leave out the batch axis. */
export interface Layer<F extends ShapeFunction = ShapeFunction> {
  readonly config: Config;
  /** Unique within its container; made from `config.kind` when absent ("dense_1"). */
  readonly name?: string | undefined;
  /** False freezes all of its parameters. Default true. */
  readonly trainable?: boolean | undefined;
  /** Throws `ShapeError` when it cannot take this input. */
  parameters(inputShape: Shape): ParameterSpecs;
  forward(context: LayerContext): Tensor;
  /** Only for the type system. */
  readonly shapeFunction?: F;
}

/**
 * A layer that knows the one shape it takes: what a model is made of. `sequential` of @myelin/layers makes them.
 *
 * To run one: `network.parameters(network.inputShape)` are the parameters to create (`parameterSpecEntries` lists them by
 * path, "dense_1/kernel"; initial values come from the stream `streamOf(path)`, `mapParameterSpecs` builds the tree for
 * `LayerContext.parameters`). A network calls its children inside `withOrigin(name)` and hands `random` and `addPenalty`
 * of its context down as they are, so that `currentOrigin()` tells `random` which layer asks; names given to `update`
 * arrive with the path in front ("batchNorm_1/mean").
 */
export interface Network<Input extends Shape = Shape, Output extends Shape = Shape> extends Layer {
  readonly inputShape: Input;
  readonly outputShape: Output;
  /** The layers inside, in the order in which they run: for summaries. Their parameters lie under their names. */
  readonly children: readonly NetworkChild[];
}

export interface NetworkChild {
  readonly name: string;
  readonly layer: Layer;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

export interface Loss {
  readonly name: string;
  readonly config: Config;
  /** One value per row, shape [rows]. */
  perRow(predictions: Tensor, targets: Tensor): Tensor;
  /** From what the network outputs to what people read: softmax or sigmoid for losses on logits, else the identity. */
  link(predictions: Tensor): Tensor;
  /** What one row of targets may be: "values" of the shape of the predictions, "classes" an index or a row per class, "binary" 0 or 1. */
  readonly targets: "values" | "classes" | "binary";
}

export interface MetricInput {
  /** What the network outputs, [rows, ...]. */
  readonly predictions: Tensor;
  /** The predictions through the loss's link. */
  readonly probabilities: Tensor;
  readonly targets: Tensor;
  /** [rows]; 0 for rows that only fill up a batch. */
  readonly weights: Tensor;
}

/** Numbers of a metric's state, flat. */
export type MetricState = Readonly<Record<string, ArrayLike<number>>>;

/** Computed inside the compiled step: state starts at zero, `update` returns the new state. */
export interface StreamingMetric {
  readonly name: string;
  readonly config: Config;
  readonly collect?: false;
  /** Shapes of the state for given shapes of predictions and targets (with rows). */
  state(predictions: Shape, targets: Shape): Readonly<Record<string, Shape>>;
  update(state: Readonly<Record<string, Tensor>>, input: MetricInput): Readonly<Record<string, Tensor>>;
  result(state: MetricState): number | readonly (readonly number[])[];
}

/** Needs all predictions at once; computed in JavaScript, in evaluation only. */
export interface CollectingMetric {
  readonly name: string;
  readonly config: Config;
  readonly collect: true;
  compute(all: {
    readonly probabilities: ArrayLike<number>;
    readonly targets: ArrayLike<number>;
    readonly rows: number;
  }): number | readonly (readonly number[])[];
}

export type Metric = StreamingMetric | CollectingMetric;

/** Learning rate as a function of the number of updates done so far (0 for the first). */
export interface Schedule {
  readonly config: Config;
  rate(step: number): number;
}

export interface Clipping {
  readonly config: Config;
  /** Gradients of all trainable parameters, each in its own shape. */
  apply(gradients: readonly Tensor[]): readonly Tensor[];
}

export interface OptimizerUpdate {
  readonly parameters: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/**
 * An element-wise update rule. It is asked for each large parameter in its shape, and for a flat vector of all small ones, so
 * that their update compiles to one loop. Slots have the shape of what they belong to; scalars are shared by all (bias
 * corrections), so they may follow from scalars and the learning rate only.
 */
export interface Optimizer {
  readonly config: Config;
  /** A number, a schedule, or any function of the step; it fills a table that the compiled step reads. */
  readonly learningRate: number | Schedule | ((step: number) => number);
  readonly clipping?: Clipping | undefined;
  /** Initial value of each slot. */
  readonly slots: Readonly<Record<string, number>>;
  /** Initial value of each scalar. */
  readonly scalars: Readonly<Record<string, number>>;
  update(
    current: OptimizerUpdate & { readonly gradients: Tensor; readonly learningRate: Tensor },
  ): OptimizerUpdate;
}

/** A model as data: what serialization writes and reads. */
export interface ModelState {
  readonly config: Config;
  readonly tensors: Readonly<Record<string, { readonly shape: Shape; readonly data: Float32Array }>>;
  /** Class names in order of their indices. */
  readonly labels?: readonly string[] | undefined;
  /** Names of the columns of the inputs, in order, where the model was fed with records. */
  readonly features?: readonly string[] | undefined;
  /** Whatever is needed to prepare raw data for the network, as data. */
  readonly preprocessing?: Json | undefined;
}
