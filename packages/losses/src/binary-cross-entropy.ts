import {
  absolute,
  add,
  equal,
  exp,
  type Loss,
  lessOrEqual,
  log1p,
  multiply,
  negate,
  select,
  sigmoid,
  subtract,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { logOfClipped, wantShare } from "./probabilities.js";
import { alignTargets, meanPerRow } from "./rows.js";

export interface BinaryCrossEntropyOptions {
  /** The network outputs logits (any numbers), not probabilities (after a sigmoid). Default false. */
  readonly fromLogits?: boolean | undefined;
  /** A share a moves targets y to y (1 - a) + a / 2. Default 0. */
  readonly labelSmoothing?: number | undefined;
}

/**
 * -y log(p) - (1 - y) log(1 - p), mean over the outputs of a row: each output is a yes or no of its own. Targets: 0 or 1, or
 * probabilities between.
 *
 * From logits x it is softplus(x) - x y, with the gradient sigmoid(x) - y: exact however sure the network is. Probabilities
 * p and 1 - p are clipped to [1e-7, 1], with gradient 0 outside. For one column predictions [rows, 1] and targets [rows] fit.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  const name = "binaryCrossEntropy";
  const filled = withDefaults(name, options, { fromLogits: false, labelSmoothing: 0 });
  const { fromLogits, labelSmoothing } = filled;
  wantShare(name, "labelSmoothing", labelSmoothing);
  return defineLoss({
    name,
    options: filled,
    targets: "binary",
    link: fromLogits ? sigmoid : undefined,
    perRow: (predictions, targets) => {
      const aligned = alignTargets(name, predictions, targets);
      const y = labelSmoothing === 0 ? aligned : aligned.multiply(1 - labelSmoothing).add(labelSmoothing / 2);
      return meanPerRow(fromLogits ? ofLogits(predictions, y) : ofProbabilities(predictions, y));
    },
  });
}

/**
 * softplus(x) - x y in an order that keeps small losses: for x = 20 and y = 1 the first two parts cancel exactly and the
 * third, 2e-9, is the result. As in `softplus`, the derivative at 0 must come out as 1/2.
 */
function ofLogits(x: Tensor, y: Tensor): Tensor {
  const positivePart = select(equal(x, 0), multiply(x, 0.5), select(lessOrEqual(x, 0), 0, x));
  return add(subtract(positivePart, multiply(x, y)), log1p(exp(negate(absolute(x)))));
}

function ofProbabilities(probabilities: Tensor, y: Tensor): Tensor {
  const yes = multiply(y, logOfClipped(probabilities));
  const no = multiply(subtract(1, y), logOfClipped(subtract(1, probabilities)));
  return negate(add(yes, no));
}
