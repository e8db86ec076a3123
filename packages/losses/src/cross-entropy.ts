import {
  cast,
  equal,
  expandDims,
  iota,
  type Loss,
  logSoftmax,
  multiply,
  negate,
  reshape,
  ShapeError,
  sameShape,
  select,
  softmax,
  sum,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { logOfClipped, wantShare } from "./probabilities.js";
import { meanPerRow } from "./rows.js";

export interface CrossEntropyOptions {
  /** The network outputs logits (any numbers), not probabilities (after a softmax). Default false. */
  readonly fromLogits?: boolean | undefined;
  /** A share a moves targets y to y (1 - a) + a / classes. Default 0. */
  readonly labelSmoothing?: number | undefined;
}

/**
 * -sum over classes of y log(p): one class out of several. Predictions [rows, classes]; targets are class indices [rows] (or
 * [rows, 1]) or a probability for each class [rows, classes]; the shapes decide. With more axes between, [rows, .., classes],
 * each position is one decision and a row's loss is their mean.
 *
 * From logits by logSoftmax, with the gradient softmax - y: exact however sure the network is. Probabilities are divided by
 * their sum, then clipped to [1e-7, 1], with gradient 0 outside. The gradient for soft targets is -log(p).
 *
 * Throws `ShapeError` for other targets, and for a single class (that is `binaryCrossEntropy`).
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  const filled = withDefaults("crossEntropy", options, { fromLogits: false, labelSmoothing: 0 });
  const { fromLogits, labelSmoothing } = filled;
  wantShare("crossEntropy", "labelSmoothing", labelSmoothing);
  return defineLoss({
    name: "crossEntropy",
    options: filled,
    targets: "classes",
    link: fromLogits ? softmax : undefined,
    perRow: (predictions, targets) => {
      const form = formOfTargets(predictions, targets);
      const logs = fromLogits ? logSoftmax(predictions) : logOfProbabilities(predictions);
      const terms =
        form === "indices" ? ofIndices(logs, targets, labelSmoothing) : ofRows(logs, targets, labelSmoothing);
      return meanPerRow(negate(sum(terms, -1)));
    },
  });
}

/** The last axis of the predictions is that of the classes; targets have it too, or lack it (or have extent 1). */
function formOfTargets({ shape }: Tensor, targets: Tensor): "indices" | "rows" {
  const classes = shape.at(-1) ?? 0;
  const positions = shape.slice(0, -1);
  if (shape.length >= 2 && classes >= 2) {
    if (sameShape(targets.shape, shape)) return "rows";
    if (sameShape(targets.shape, positions) || sameShape(targets.shape, [...positions, 1])) return "indices";
  }
  throw new ShapeError({
    operation: "crossEntropy",
    expected: "predictions [rows, classes] and targets [rows] (class indices) or [rows, classes]",
    received: [shape, targets.shape],
    hint:
      classes === 1
        ? "For one output that means yes or no, use binaryCrossEntropy."
        : "The network needs one output for each class.",
  });
}

function logOfProbabilities(probabilities: Tensor): Tensor {
  return logOfClipped(probabilities.divide(sum(probabilities, -1, { keepDims: true })));
}

/** A comparison and not a gather, so that softmax, loss and gradient stay one pass over each row. */
function ofIndices(logs: Tensor, targets: Tensor, smoothing: number): Tensor {
  const { shape } = logs;
  const labels = expandDims(reshape(cast(targets, "i32"), shape.slice(0, -1)), -1);
  const isLabel = equal(iota(shape), labels);
  if (smoothing === 0) return select(isLabel, logs, 0);
  const others = smoothing / (shape.at(-1) as number);
  return multiply(select(isLabel, 1 - smoothing + others, others), logs);
}

function ofRows(logs: Tensor, targets: Tensor, smoothing: number): Tensor {
  const y = cast(targets, "f32");
  if (smoothing === 0) return multiply(y, logs);
  return multiply(y.multiply(1 - smoothing).add(smoothing / (logs.shape.at(-1) as number)), logs);
}
