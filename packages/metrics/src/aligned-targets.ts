import { cast, reshape, type Shape, ShapeError, sameShape, type Tensor } from "@myelin/tensor";

/** Targets as f32 in the shape of the predictions; only axes of extent 1 may differ, so that nothing broadcasts unseen. */
export function alignedTargets(operation: string, predictions: Tensor, targets: Tensor): Tensor {
  const rowsMatch = predictions.shape.length > 0 && predictions.shape[0] === targets.shape[0];
  if (!rowsMatch || !sameShape(featuresOf(predictions.shape), featuresOf(targets.shape))) {
    throw new ShapeError({
      operation,
      expected: "predictions and targets of one shape, rows first",
      received: [predictions.shape, targets.shape],
    });
  }
  return cast(reshape(targets, predictions.shape), "f32");
}

function featuresOf(shape: Shape): Shape {
  return shape.slice(1).filter((extent) => extent !== 1);
}
