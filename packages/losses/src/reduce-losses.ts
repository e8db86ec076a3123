import {
  divide,
  equal,
  mean,
  multiply,
  reshape,
  ShapeError,
  select,
  sum,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";

export interface ReduceLossesOptions {
  /** "mean", "sum", or "none" (keeps one value per row). Default "mean". */
  readonly reduction?: "mean" | "sum" | "none" | undefined;
  /** How much each row counts, [rows] or [rows, 1]. Default: 1 each. */
  readonly weights?: Tensor | undefined;
}

/**
 * Brings the losses of rows ([rows], from `perRow`) to one number: mean = sum(w l) / sum(w), sum = sum(w l). So a row of
 * weight 0 counts as if it were not there, and a weight of 2 as if the row were there twice; PyTorch and scikit-learn divide
 * like this, Keras divides by the number of rows. If all weights are 0, so is the mean.
 *
 * This is for steps written by hand; `fit` does the same.
 */
export function reduceLosses(perRow: Tensor, options: ReduceLossesOptions = {}): Tensor {
  const { reduction, weights } = withDefaults("reduceLosses", options, {
    reduction: "mean",
    weights: undefined,
  });
  if (weights === undefined)
    return reduction === "none" ? perRow : reduction === "sum" ? sum(perRow) : mean(perRow);
  if (weights.shape[0] !== perRow.shape[0] || weights.shape.slice(1).some((extent) => extent !== 1)) {
    throw new ShapeError({
      operation: "reduceLosses",
      expected: "one weight for each row",
      received: [perRow.shape, weights.shape],
    });
  }
  const w = reshape(weights, perRow.shape);
  // Selected and not only multiplied: the loss of a row that does not count may be anything, even NaN.
  const weighted = multiply(select(equal(w, 0), 0, perRow), w);
  if (reduction === "none") return weighted;
  if (reduction === "sum") return sum(weighted);
  const total = sum(w);
  return divide(sum(weighted), select(equal(total, 0), 1, total));
}
