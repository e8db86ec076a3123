import {
  argmax,
  broadcastTo,
  cast,
  expandDims,
  greater,
  type MetricInput,
  reshape,
  type Shape,
  ShapeError,
  sameShape,
  select,
  sizeOf,
  type Tensor,
} from "@myelin/tensor";

/** What a classifier decided, one entry for each decision; a row with several positions has several. */
export interface Decisions {
  readonly classes: number;
  /** i32 [decisions]. */
  readonly truth: Tensor;
  /** i32 [decisions]; `classes` where the outputs are NaN, which is never right. */
  readonly decided: Tensor;
  /** f32 [decisions]: the weight of the row. */
  readonly weights: Tensor;
}

/**
 * How shapes tell the kind of a classifier, as in Keras: one output is "binary"; several are "classes", with targets that
 * are indices (without the axis of the classes, or with extent 1 there) or have a number for each class.
 */
export function formOf(operation: string, predictions: Shape, targets: Shape): "binary" | "indices" | "rows" {
  const wide = predictions.length >= 2 ? (predictions.at(-1) as number) : 1;
  const positions = predictions.length >= 2 ? predictions.slice(0, -1) : predictions;
  const narrow = sameShape(targets, positions) || sameShape(targets, [...positions, 1]);
  if (wide === 1 && narrow) return "binary";
  if (sameShape(targets, predictions)) return "rows";
  if (narrow) return "indices";
  throw new ShapeError({
    operation,
    expected: "predictions [rows, classes] and targets [rows] (class indices) or [rows, classes]",
    received: [predictions, targets],
  });
}

/** Number of classes that the outputs tell apart: two for one output. */
export function classesOf(predictions: Shape): number {
  return predictions.length >= 2 ? Math.max(2, predictions.at(-1) as number) : 2;
}

/** Binary: probability > threshold. Several classes: the largest output, ties to the lowest index. */
export function readDecisions(operation: string, input: MetricInput, threshold = 0.5): Decisions {
  const { predictions, probabilities, targets } = input;
  const form = formOf(operation, predictions.shape, targets.shape);
  const positions = form === "binary" ? targets.shape : predictions.shape.slice(0, -1);
  const flat = (x: Tensor): Tensor => reshape(x, [sizeOf(positions)]);
  const weights = flat(broadcastTo(expandAfter(input.weights, positions.length), positions));
  const classes = classesOf(predictions.shape);
  if (form === "binary") {
    const above = cast(select(greater(flat(probabilities), threshold), 1, 0), "i32");
    return { classes, truth: yesOrNo(flat(targets)), decided: above, weights };
  }
  const truth = form === "rows" ? argmax(cast(targets, "f32")) : cast(targets, "i32");
  return { classes, truth: flat(truth), decided: flat(argmax(predictions)), weights };
}

/** Targets above 1/2 mean yes. */
export function yesOrNo(targets: Tensor): Tensor {
  return cast(select(greater(cast(targets, "f32"), 0.5), 1, 0), "i32");
}

function expandAfter(weights: Tensor, rank: number): Tensor {
  return expandDims(
    weights,
    Array.from({ length: rank - 1 }, (_, i) => i + 1),
  );
}
