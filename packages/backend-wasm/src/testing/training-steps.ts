import type { Step } from "@myelin/compiler";
import * as t from "@myelin/tensor";

/** A training step and what is in memory before the first one. */
export interface TrainingStep {
  readonly step: Step;
  readonly values: ReadonlyMap<t.Tensor, ArrayLike<number>>;
  /** The flat vector of parameters. */
  readonly parameters: t.Tensor;
}

type Layer = (input: t.Tensor) => t.Tensor;
type Take = (shape: readonly number[]) => t.Tensor;

/** Dense layers with ReLU between them, softmax cross-entropy over gathered rows of bytes, Adam. */
export function denseStep(batch: number, sizes: readonly number[], rows: number): TrainingStep {
  return trainingStep(batch, [sizes[0] as number], rows, sizes.at(-1) as number, (take) => {
    const layers = sizes.slice(1).map((size, i) => ({
      weights: take([sizes[i] as number, size]),
      bias: take([size]),
    }));
    return (input) =>
      layers.reduce((hidden, { weights, bias }, i) => {
        const sum = t.add(t.matmul(hidden, weights), bias);
        return i === layers.length - 1 ? sum : relu(sum);
      }, input);
  });
}

/** Two convolutions of 3 x 3 with ReLU and pooling, then a dense layer. */
export function convolutionStep(batch: number, size: number, rows: number): TrainingStep {
  const classes = 7;
  return trainingStep(batch, [size, size, 1], rows, classes, (take) => {
    const first = take([3, 3, 1, 5]);
    const second = take([3, 3, 5, 6]);
    const cells = Math.floor((Math.floor((size - 2) / 2) - 2) / 2);
    const last = take([cells * cells * 6, classes]);
    return (input) => {
      const features = pool(relu(convolve(pool(relu(convolve(input, first))), second)));
      return t.matmul(t.reshape(features, [batch, -1]), last);
    };
  });
}

function trainingStep(
  batch: number,
  inputShape: readonly number[],
  rows: number,
  classes: number,
  describe: (take: Take) => Layer,
): TrainingStep {
  // Shapes are asked for twice: first to know how long the vector of parameters is.
  let length = 0;
  describe((shape) => {
    length += t.sizeOf(shape);
    return t.parameter("shape only", shape);
  });
  const parameters = t.parameter("parameters", [length]);
  const views: t.Tensor[] = [];
  let offset = 0;
  const network = describe((shape) => {
    const view = t.reshape(t.slice(parameters, [offset], [t.sizeOf(shape)]), shape);
    offset += t.sizeOf(shape);
    views.push(view);
    return view;
  });

  const data = t.parameter("data", [rows, ...inputShape], "u8");
  const labels = t.parameter("labels", [rows], "u8");
  const cursor = t.parameter("cursor", [], "i32");
  const loss = t.parameter("loss", []);
  const index = t.add(t.iota([batch]), cursor);
  const logits = network(t.divide(t.cast(t.gather(data, index), "f32"), 255));
  const wanted = t.reshape(t.cast(t.gather(labels, index), "i32"), [batch, 1]);
  const chosen = t.select(t.equal(t.iota([batch, classes]), wanted), t.logSoftmax(logits), 0);
  const mean = t.negate(t.mean(t.sum(chosen, -1)));
  const gradients = t.gradient(mean, Object.fromEntries(views.map((view, i) => [`${i}`, view])));
  const gradient = t.concatenate(
    views.map((_, i) => t.reshape((gradients as Record<string, t.Tensor>)[`${i}`] as t.Tensor, [-1])),
  );
  const [first, second] = [t.parameter("first moment", [length]), t.parameter("second moment", [length])];
  const newFirst = t.add(t.multiply(first, 0.9), t.multiply(gradient, 0.1));
  const newSecond = t.add(t.multiply(second, 0.999), t.multiply(t.square(gradient), 0.001));
  const change = t.divide(t.multiply(newFirst, 0.01), t.add(t.sqrt(newSecond), 1e-3));
  const assignments = [
    t.assign(parameters, t.subtract(parameters, change)),
    t.assign(first, newFirst),
    t.assign(second, newSecond),
    // From the first row again behind the last one.
    t.assign(cursor, t.select(t.less(t.add(cursor, batch), rows), t.add(cursor, batch), 0)),
    t.assign(loss, t.add(loss, mean)),
  ];
  const values = new Map<t.Tensor, ArrayLike<number>>([
    [parameters, Float32Array.from({ length }, (_, i) => 0.2 * t.normal(1, 2, i))],
    [data, Uint8Array.from({ length: t.sizeOf(data.shape) }, (_, i) => (i * 7919) % 251)],
    [labels, Uint8Array.from({ length: rows }, (_, i) => (i * 31) % classes)],
  ]);
  return { step: { name: "training", outputs: { loss: mean }, assignments }, values, parameters };
}

function relu(x: t.Tensor): t.Tensor {
  return t.select(t.lessOrEqual(x, 0), 0, x);
}

function convolve(x: t.Tensor, weights: t.Tensor): t.Tensor {
  const windows = [1, 2].map((axis) => ({ axis, size: 3, stride: 1, dilation: 1 }));
  return t.contract(t.slidingWindow(x, windows), weights, {
    leftContracted: [4, 5, 3],
    rightContracted: [0, 1, 2],
  });
}

function pool(x: t.Tensor): t.Tensor {
  const windows = [1, 2].map((axis) => ({ axis, size: 2, stride: 2, dilation: 1 }));
  return t.max(t.slidingWindow(x, windows), [4, 5]);
}
