import {
  accuracy,
  adam,
  adamW,
  binaryCrossEntropy,
  dense,
  type Layer,
  type Loss,
  Model,
  type Optimizer,
  type RunResult,
  rmsprop,
  sequential,
  sgd,
} from "myelin";
import { activations } from "../activations.js";
import { EXTENT, makePoints, type Points } from "../points.js";
import { FIELD, type LayerWeights, type Measurement } from "../protocol.js";
import type { OptimizerName, Settings } from "../settings.js";

const optimizers: Readonly<Record<OptimizerName, (learningRate: number) => Optimizer>> = {
  sgd: (learningRate) => sgd({ learningRate }),
  momentum: (learningRate) => sgd({ learningRate, momentum: 0.9 }),
  rmsprop: (learningRate) => rmsprop({ learningRate }),
  adam: (learningRate) => adam({ learningRate }),
  adamW: (learningRate) => adamW({ learningRate }),
};

/** A network and the points that it learns from. */
export class Trainee {
  readonly stepsPerEpoch: number;
  /** Epochs so far. */
  epoch = 0;
  readonly #model: Model;
  readonly #batchSize: number;
  readonly #loss: Loss = binaryCrossEntropy({ fromLogits: true });
  /** One value for all fits, so that its momentum goes on. */
  readonly #optimizer: Optimizer;
  readonly #seen: Rows;
  readonly #unseen: Rows;
  readonly #plane: Float32Array = plane();

  constructor(settings: Settings) {
    const { hidden, activation, optimizer, learningRate, batchSize, seed } = settings;
    const chosen = activations.get(activation);
    const layers: Layer[] = [...hidden.map((nodes) => dense(nodes, { activation: chosen })), dense(1)];
    this.#model = new Model(sequential([2], ...layers), { seed });
    this.#optimizer = optimizers[optimizer](learningRate);
    const { seen, unseen } = makePoints(settings);
    this.#batchSize = batchSize;
    this.stepsPerEpoch = Math.ceil(seen.count / batchSize);
    this.#seen = rowsOf(seen);
    this.#unseen = rowsOf(unseen);
  }

  /** Goes on for so many epochs; `onEpoch` hears of each as soon as it is over. */
  async train(
    epochs: number,
    signal: AbortSignal,
    onEpoch: (measurement: Measurement) => void,
  ): Promise<RunResult> {
    const run = this.#model.fit(this.#seen, {
      loss: this.#loss,
      optimizer: this.#optimizer,
      metrics: [accuracy],
      validation: this.#unseen,
      batchSize: this.#batchSize,
      epochs,
      signal,
    });
    for await (const { loss, metrics, validation } of run) {
      onEpoch({
        epoch: ++this.epoch,
        loss,
        testLoss: validation?.loss ?? Number.NaN,
        accuracy: Number(metrics.accuracy),
        testAccuracy: Number(validation?.accuracy),
      });
    }
    return run;
  }

  /** Before the first epoch: what the fresh weights make of the points. */
  measure(): Measurement {
    const options = { loss: this.#loss, metrics: [accuracy] };
    const [seen, unseen] = [
      this.#model.evaluate(this.#seen, options),
      this.#model.evaluate(this.#unseen, options),
    ];
    return {
      epoch: this.epoch,
      loss: seen.loss,
      testLoss: unseen.loss,
      accuracy: Number(seen.accuracy),
      testAccuracy: Number(unseen.accuracy),
    };
  }

  /** The output in the middle of every cell of the plane. */
  field(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#model.predict(this.#plane, { probabilities: true, loss: this.#loss }));
  }

  layers(): readonly LayerWeights[] {
    const { parameters } = this.#model;
    return this.#model.network.children.map(({ name }) => ({
      kernel: parameters[`${name}/kernel`]!,
      bias: parameters[`${name}/bias`]!,
    }));
  }
}

interface Rows {
  readonly inputs: { readonly data: Float32Array; readonly shape: readonly [number, 2] };
  readonly targets: { readonly data: Uint8Array; readonly shape: readonly [number] };
}

function rowsOf({ coordinates, classes, count }: Points): Rows {
  return { inputs: { data: coordinates, shape: [count, 2] }, targets: { data: classes, shape: [count] } };
}

/** Middles of the cells, row by row from the top. */
function plane(): Float32Array {
  const middle = (cell: number) => (2 * (cell + 0.5)) / FIELD - 1;
  return Float32Array.from({ length: 2 * FIELD * FIELD }, (_, i) => {
    const cell = i >> 1;
    return EXTENT * (i % 2 === 0 ? middle(cell % FIELD) : -middle(Math.floor(cell / FIELD)));
  });
}
