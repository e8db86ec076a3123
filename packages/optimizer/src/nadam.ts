import {
  add,
  divide,
  exponential,
  filled,
  multiply,
  naturalLogarithm,
  type Optimizer,
  sqrt,
  subtract,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, checkDecay, defineOptimizer } from "./define-optimizer.js";
import { flushMoment } from "./flush.js";
import { movingAverage, movingSquare, nextCorrection, withWeightDecay } from "./moments.js";

export interface NadamOptions extends CommonOptions {
  /** Decay of the moving average of gradients, once warm. Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the moving average of squared gradients. Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the corrected second moment, outside of the root. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** How fast the momentum grows from beta1 / 2 to beta1. Default 0.004 (Keras means 1). */
  readonly momentumDecay?: number | undefined;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * Nadam, Adam that looks ahead along the momentum of the next step. With mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2) and
 * M_t = mu_1 mu_2 .. mu_t, the mean of Adam's rule becomes (1 - mu_t) g / (1 - M_t) + mu_(t+1) mean / (1 - M_(t+1)).
 * Dozat 2016; schedule as in PyTorch `NAdam`. Default learning rate 0.002.
 */
export function nadam(options: NadamOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("nadam", options, {
    learningRate: 2e-3,
    clipping: undefined,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentumDecay: 0.004,
    weightDecay: 0,
  });
  const { beta1, beta2, epsilon, momentumDecay, weightDecay } = rule;
  checkDecay("nadam", "beta1", beta1);
  checkDecay("nadam", "beta2", beta2);
  const cooling = exponential(naturalLogarithm(0.96) * momentumDecay);
  return defineOptimizer({
    kind: "nadam",
    learningRate,
    clipping,
    options: rule,
    slots: { mean: 0, variance: 0 },
    // 0.96^(t momentumDecay) and M_t.
    scalars: { cooled: 1, product: 1, correction2: 0 },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const mean = movingAverage(slots.mean as Tensor, gradient, beta1);
      const variance = movingSquare(slots.variance as Tensor, gradient, beta2);
      const correction2 = nextCorrection(scalars.correction2 as Tensor, beta2);
      const one = filled([], 1);
      const cooled = flushMoment(multiply(scalars.cooled as Tensor, cooling));
      const momentumAt = (cold: Tensor) => multiply(subtract(one, multiply(cold, 0.5)), beta1);
      const now = momentumAt(cooled);
      const next = momentumAt(multiply(cooled, cooling));
      const product = flushMoment(multiply(scalars.product as Tensor, now));
      const ofGradient = divide(multiply(rate, subtract(one, now)), subtract(one, product));
      const ofMean = divide(multiply(rate, next), subtract(one, multiply(product, next)));
      const denominator = add(multiply(sqrt(variance), divide(one, sqrt(correction2))), epsilon);
      const ahead = add(multiply(gradient, ofGradient), multiply(mean, ofMean));
      return {
        parameters: subtract(parameters, divide(ahead, denominator)),
        slots: { mean, variance },
        scalars: { cooled, product, correction2 },
      };
    },
  });
}
