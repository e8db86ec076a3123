import { type Loss, sameShape, type Tensor, wantShapes, wantTensor } from "@myelin/tensor";

/** What the loss says of every row: a loss of somebody's own that summed over the rows would change the learning rate. */
export function rowLosses({ name, perRow }: Loss, predictions: Tensor, targets: Tensor): Tensor {
  const losses = perRow(predictions, targets);
  wantTensor(`${name}.perRow`, losses);
  const wanted = predictions.shape.slice(0, 1);
  wantShapes(sameShape(losses.shape, wanted), `${name}.perRow`, "one loss per row", [losses.shape]);
  return losses;
}
