import {
  add,
  divide,
  maximum,
  multiply,
  type Optimizer,
  sqrt,
  square,
  subtract,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, checkDecay, defineOptimizer } from "./define-optimizer.js";
import { flushMoment } from "./flush.js";
import { movingAverage, movingSquare, withWeightDecay } from "./moments.js";

export interface RmspropOptions extends CommonOptions {
  /** Decay of the moving average of squared gradients. Default 0.99. */
  readonly alpha?: number | undefined;
  /** Added to the root, outside of it. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Default 0. */
  readonly momentum?: number | undefined;
  /** Divides by the standard deviation of the gradient instead of its root mean square. Default false. */
  readonly centered?: boolean | undefined;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * RMSprop: parameter <- parameter - rate g / (sqrt(average of g²) + epsilon).
 * Tieleman and Hinton 2012 (lecture 6.5); epsilon and momentum as in PyTorch `RMSprop`. Default learning rate 0.01.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("rmsprop", options, {
    learningRate: 0.01,
    clipping: undefined,
    alpha: 0.99,
    epsilon: 1e-8,
    momentum: 0,
    centered: false,
    weightDecay: 0,
  });
  const { alpha, epsilon, momentum, centered, weightDecay } = rule;
  checkDecay("rmsprop", "alpha", alpha);
  return defineOptimizer({
    kind: "rmsprop",
    learningRate,
    clipping,
    options: rule,
    slots: { square: 0, ...(centered ? { mean: 0 } : {}), ...(momentum > 0 ? { momentum: 0 } : {}) },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const average = movingSquare(slots.square as Tensor, gradient, alpha);
      const mean = slots.mean === undefined ? undefined : movingAverage(slots.mean, gradient, alpha);
      // The variance is never negative, but its float32 difference may be.
      const spread = mean === undefined ? average : maximum(subtract(average, square(mean)), 0);
      const scaled = divide(gradient, add(sqrt(spread), epsilon));
      const direction =
        slots.momentum === undefined
          ? undefined
          : flushMoment(add(multiply(slots.momentum, momentum), scaled));
      return {
        parameters: subtract(parameters, multiply(rate, direction ?? scaled)),
        slots: {
          square: average,
          ...(mean === undefined ? {} : { mean }),
          ...(direction === undefined ? {} : { momentum: direction }),
        },
        scalars,
      };
    },
  });
}
