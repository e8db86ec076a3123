import { type Backend, compile, type Device, type Executable, type Step } from "@myelin/compiler";
import {
  ArgumentError,
  formatShape,
  type Loss,
  type ModelState,
  type Network,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  streamOf,
  type Tensor,
  tensorOf,
} from "@myelin/tensor";

import type { Evaluator } from "./evaluate.js";
import { type Layout, layOut, trace } from "./network.js";
import type { Trainer } from "./trainer.js";

/** A network in the memory of a backend: what `fit`, `evaluate` and `predict` work on. */
export class Session {
  readonly network: Network;
  readonly seed: number;
  readonly engine: string;
  readonly device: Device;
  readonly layout: Layout;
  /** What holds the parameters. */
  readonly variables: readonly Tensor[];
  /** Updates and epochs since the network was made; they key dropout and shuffling. */
  steps = 0;
  epochs = 0;
  /** Counts writes from outside of a step, so that a run knows that its last snapshot is out of date. */
  writes = 0;
  running = false;
  /** What the last run and the last evaluation left, for the next ones that want the same. */
  trainer: Trainer | undefined;
  evaluator: Evaluator | undefined;
  labels: readonly string[] | undefined;
  /** Names of the columns of the inputs, once a fit has seen records. */
  features: readonly string[] | undefined;
  /** Losses that the outputs of the network were compared with. */
  readonly fittingLosses: WeakSet<Loss> = new WeakSet();
  readonly #predictors = new Map<string, { readonly loss: Loss | undefined; readonly program: Executable }>();

  constructor(network: Network, backend: Backend, seed: number) {
    this.network = network;
    this.seed = seed;
    this.engine = backend.name;
    this.layout = layOut(network);
    this.variables = [...new Set(this.layout.places.map(({ variable }) => variable))];
    this.device = backend.open();
    for (const { path, spec, variable, offset } of this.layout.places) {
      const values = spec.initializer.generate(spec.shape, { seed, stream: streamOf(path) });
      this.device.write(variable, values, offset);
    }
  }

  compile(step: Step): Executable {
    return this.device.compile(compile(step));
  }

  /** The network outside of training, on f32 rows. A layer that draws random numbers even there draws the same every time. */
  infer(rows: Tensor): Tensor {
    const key = tensorOf([this.seed, 0, 0], [3], "i32");
    return trace(this.network, this.layout.tree, rows, key, false).output;
  }

  /** A program that is compiled once, or again when the loss is another one. */
  predictor(key: string, loss: Loss | undefined, step: () => Step): Executable {
    const name = `${key}${loss === undefined}`;
    const known = this.#predictors.get(name);
    if (known !== undefined && known.loss === loss) return known.program;
    const program = this.compile(step());
    this.#predictors.set(name, { loss, program });
    return program;
  }

  /** Copies of all parameters by path. */
  read(): Record<string, Float32Array> {
    const copies = new Map<Tensor, Float32Array>();
    return Object.fromEntries(
      this.layout.places.map(({ path, spec, variable, offset }) => {
        const whole = copies.get(variable) ?? (this.device.read(variable) as Float32Array);
        copies.set(variable, whole);
        return [path, whole.slice(offset, offset + sizeOf(spec.shape))];
      }),
    );
  }

  /** Copies of all parameters with their shapes. */
  tensors(): Record<string, { shape: Shape; data: Float32Array }> {
    const values = this.read();
    return Object.fromEntries(
      this.layout.places.map(({ path, spec }) => [
        path,
        { shape: spec.shape, data: values[path] as Float32Array },
      ]),
    );
  }

  /** Takes over a saved state; throws before anything is written when it belongs to another network. */
  restore({ tensors, labels, features }: Omit<ModelState, "config">): void {
    const paths = this.layout.places.map(({ path }) => path);
    const missing = paths.find((path) => tensors[path] === undefined);
    if (missing !== undefined)
      throw new ArgumentError("Model", `a saved tensor "${missing}"`, "no such tensor");
    for (const { path, spec } of this.layout.places) {
      const { shape } = tensors[path] as ModelState["tensors"][string];
      if (!sameShape(shape, spec.shape))
        throw new ShapeError({
          operation: "Model",
          expected: formatShape(spec.shape),
          received: [shape],
          path,
        });
    }
    this.write(Object.fromEntries(Object.entries(tensors).map(([path, { data }]) => [path, data])));
    this.labels = labels;
    this.features = features;
  }

  /** Sets parameters by path; all are checked before the first is written. */
  write(values: Readonly<Record<string, ArrayLike<number>>>): void {
    const places = new Map(this.layout.places.map((place) => [place.path, place]));
    const checked = Object.entries(values).map(([path, data]) => {
      const place = places.get(path);
      if (place === undefined)
        throw new ArgumentError("setParameters", `one of ${[...places.keys()].join(", ")}`, path);
      const size = sizeOf(place.spec.shape);
      if (data?.length !== size) {
        const received = typeof data?.length === "number" ? `${data.length} numbers` : data;
        throw new ArgumentError("setParameters", `${size} numbers for "${path}"`, received);
      }
      const wrong = Float32Array.from(data).findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0)
        throw new ArgumentError("setParameters", `a finite number at ${wrong} of "${path}"`, data[wrong]);
      return { place, data };
    });
    for (const { place, data } of checked) this.device.write(place.variable, data, place.offset);
    this.writes++;
  }
}
