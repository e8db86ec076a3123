import {
  absolute,
  add,
  divide,
  maximum,
  multiply,
  type Optimizer,
  subtract,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, checkDecay, defineOptimizer } from "./define-optimizer.js";
import { movingAverage, nextCorrection, withWeightDecay } from "./moments.js";

export interface AdamaxOptions extends CommonOptions {
  /** Decay of the moving average of gradients. Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the running maximum. Default 0.999. */
  readonly beta2?: number | undefined;
  /** Keeps the maximum above zero. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * Adamax, Adam in the maximum norm: u <- max(beta2 u, |g| + epsilon), parameter <- parameter - rate mean / (1 - beta1^t) / u.
 * Kingma and Ba 2015, section 7.1; epsilon as in PyTorch `Adamax`. Default learning rate 0.002.
 */
export function adamax(options: AdamaxOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("adamax", options, {
    learningRate: 2e-3,
    clipping: undefined,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
  });
  const { beta1, beta2, epsilon, weightDecay } = rule;
  checkDecay("adamax", "beta1", beta1);
  checkDecay("adamax", "beta2", beta2);
  return defineOptimizer({
    kind: "adamax",
    learningRate,
    clipping,
    options: rule,
    slots: { mean: 0, largest: 0 },
    scalars: { correction1: 0 },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const mean = movingAverage(slots.mean as Tensor, gradient, beta1);
      const largest = maximum(multiply(slots.largest as Tensor, beta2), add(absolute(gradient), epsilon));
      const correction1 = nextCorrection(scalars.correction1 as Tensor, beta1);
      const step = multiply(divide(rate, correction1), divide(mean, largest));
      return { parameters: subtract(parameters, step), slots: { mean, largest }, scalars: { correction1 } };
    },
  });
}
