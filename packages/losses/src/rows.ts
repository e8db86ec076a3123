import { cast, mean, reshape, type Shape, sameShape, type Tensor, wantShapes } from "@myelin/tensor";

/**
 * Targets as f32 in exactly the shape of the predictions. Only axes of extent 1 may differ: [rows] and [rows, 1] are the
 * same column, which would otherwise broadcast to rows x rows without a word. Throws `ShapeError` for anything else.
 */
export function alignTargets(operation: string, predictions: Tensor, targets: Tensor): Tensor {
  const { shape } = predictions;
  const fits =
    shape.length > 0 &&
    shape[0] === targets.shape[0] &&
    sameShape(featuresOf(shape), featuresOf(targets.shape));
  const expected = "predictions and targets of one shape, rows first";
  wantShapes(fits, operation, expected, [shape, targets.shape]);
  return cast(reshape(targets, shape), "f32");
}

function featuresOf(shape: Shape): Shape {
  return shape.slice(1).filter((extent) => extent !== 1);
}

/** Mean over all axes but the first: [rows, ...] to [rows]. */
export function meanPerRow(x: Tensor): Tensor {
  return mean(x, [...x.shape.keys()].slice(1));
}
