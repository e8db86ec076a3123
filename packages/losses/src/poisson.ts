import { exp, type Loss, log, withDefaults } from "@myelin/tensor";
import { defineLoss } from "./define-loss.js";
import { alignTargets, meanPerRow } from "./rows.js";

export interface PoissonOptions {
  /** The network outputs the logarithm of the rate (any number), not the rate itself. Default false. */
  readonly fromLogRates?: boolean | undefined;
}

/**
 * Mean of rate - target log(rate) over the outputs of a row, for targets that count events: the negative log-likelihood of a
 * Poisson distribution without the part that no rate changes. From rates: log(rate + 1e-7); from log-rates x: e^x - target x.
 *
 * Gradient: 1 - target / rate, or e^x - target. PyTorch's PoissonNLLLoss defaults to log-rates, Keras to rates.
 */
export function poisson(options: PoissonOptions = {}): Loss {
  const { fromLogRates } = withDefaults("poisson", options, { fromLogRates: false });
  return defineLoss({
    name: "poisson",
    options: { fromLogRates },
    link: fromLogRates ? exp : undefined,
    perRow: (predictions, targets) => {
      const counts = alignTargets("poisson", predictions, targets);
      const rates = fromLogRates ? exp(predictions) : predictions;
      const logRates = fromLogRates ? predictions : log(predictions.add(1e-7));
      return meanPerRow(rates.subtract(counts.multiply(logRates)));
    },
  });
}
