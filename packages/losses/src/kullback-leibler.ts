import { type Loss, logSoftmax, multiply, softmax, subtract, sum, withDefaults } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { logOfClipped } from "./probabilities.js";
import { alignTargets, meanPerRow } from "./rows.js";

export interface KullbackLeiblerOptions {
  /** The network outputs logits (any numbers), not probabilities (after a softmax). Default false. */
  readonly fromLogits?: boolean | undefined;
}

/**
 * sum over the last axis of y log(y / p): how many nats are lost by coding targets y with the prediction p. Both are
 * distributions, [rows, .., classes]; with axes between, a row's loss is the mean over them. Inside the logarithms
 * both are clipped to [1e-7, 1]. The mean over rows is what PyTorch calls "batchmean".
 *
 * Gradient: that of `crossEntropy`, since the entropy of the targets does not depend on the network. Kullback and Leibler 1951.
 */
export function kullbackLeibler(options: KullbackLeiblerOptions = {}): Loss {
  const { fromLogits } = withDefaults("kullbackLeibler", options, { fromLogits: false });
  return defineLoss({
    name: "kullbackLeibler",
    options: { fromLogits },
    link: fromLogits ? softmax : undefined,
    perRow: (predictions, targets) => {
      const y = alignTargets("kullbackLeibler", predictions, targets);
      const logs = fromLogits ? logSoftmax(predictions) : logOfClipped(predictions);
      const terms = multiply(y, subtract(logOfClipped(y), logs));
      return meanPerRow(sum(terms, -1));
    },
  });
}
