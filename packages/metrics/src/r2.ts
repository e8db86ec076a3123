import {
  add,
  divide,
  equal,
  expandDims,
  max,
  multiply,
  reshape,
  type Shape,
  type StreamingMetric,
  select,
  sizeOf,
  square,
  subtract,
  sum,
  type Tensor,
} from "@myelin/tensor";
import { alignedTargets } from "./aligned-targets.js";
import { defineMetric } from "./define-metric.js";
import { weightedSum } from "./weighted-mean.js";

/**
 * Coefficient of determination: 1 - sum (target - prediction)² / sum (target - mean target)², for each output, then the mean
 * over the outputs. 1 is perfect, 0 is as good as always predicting the mean, below 0 is worse. If the targets of an output
 * are all the same it is 1 for perfect predictions, else 0 (as in scikit-learn).
 *
 * The variance is collected around the running mean (Chan, Golub and LeVeque 1979), and that from one of the targets on: as sum
 * of squares minus squared sum it would drown in float32 where the mean is large. Where all targets are the same it is exactly 0.
 */
export const r2: StreamingMetric = defineMetric({
  kind: "r2",
  state: (predictions) => {
    const outputs: Shape = [sizeOf(predictions.slice(1))];
    return { weight: [], origin: outputs, mean: outputs, spread: outputs, residual: outputs };
  },
  update: (state, { predictions, targets, weights }) => {
    const { weight, mean, spread, residual } = state as Readonly<
      Record<"weight" | "mean" | "spread" | "residual", Tensor>
    >;
    const columns = (x: Tensor): Tensor => reshape(x, [x.shape[0] as number, -1]);
    const wanted = columns(alignedTargets("r2", predictions, targets));
    const largest = max(select(expandDims(equal(weights, 0), -1), -Infinity, wanted), 0);
    const origin = select(equal(weight, 0), largest, state.origin as Tensor);
    const y = subtract(wanted, origin);
    const batchWeight = sum(weights);
    const batchMean = divide(weightedSum(y, weights), orOne(batchWeight));
    const batchSpread = weightedSum(square(subtract(y, batchMean)), weights);
    const total = add(weight, batchWeight);
    const share = divide(batchWeight, orOne(total));
    const moved = subtract(batchMean, mean);
    return {
      weight: total,
      origin,
      mean: add(mean, multiply(moved, share)),
      spread: add(spread, add(batchSpread, multiply(square(moved), multiply(weight, share)))),
      residual: add(residual, weightedSum(square(subtract(wanted, columns(predictions))), weights)),
    };
  },
  result: ({ spread, residual }) => {
    const scores = Array.from(spread as ArrayLike<number>, (variation, output) => {
      const error = residual?.[output] as number;
      return variation === 0 ? (error === 0 ? 1 : 0) : 1 - error / variation;
    });
    return scores.reduce((total, score) => total + score, 0) / scores.length;
  },
});

/** A batch in which no row counts must not divide by zero. */
function orOne(weight: Tensor): Tensor {
  return select(equal(weight, 0), 1, weight);
}
