import { ArgumentError, add, filled, multiply, type Optimizer, subtract } from "@myelin/tensor";
import { type CommonOptions, defineOptimizer } from "./define-optimizer.js";
import { flushMoment } from "./flush.js";
import { withWeightDecay } from "./moments.js";

export interface SgdOptions extends CommonOptions {
  /** Share of the last direction that is kept. Default 0: plain gradient descent. */
  readonly momentum?: number;
  /** Looks ahead along the momentum. Needs momentum > 0 and dampening 0. Default false. */
  readonly nesterov?: boolean;
  /** Part of each gradient that does not enter the momentum (the first one enters whole). Default 0. */
  readonly dampening?: number;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent: b <- momentum b + (1 - dampening) g, parameter <- parameter - rate b; with Nesterov, rate (g + momentum b).
 * Definition: PyTorch `SGD` (the first step sets b = g). Default learning rate 0.01.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const {
    learningRate = 0.01,
    clipping,
    momentum = 0,
    nesterov = false,
    dampening = 0,
    weightDecay = 0,
  } = options;
  if (nesterov && !(momentum > 0 && dampening === 0)) {
    throw new ArgumentError(
      "sgd",
      "momentum > 0 and dampening 0 with nesterov",
      `momentum ${momentum} and dampening ${dampening}`,
    );
  }
  const dampened = momentum > 0 && dampening !== 0;
  return defineOptimizer({
    kind: "sgd",
    learningRate,
    clipping,
    options: { momentum, nesterov, dampening, weightDecay },
    slots: momentum > 0 ? { momentum: 0 } : {},
    scalars: dampened ? { started: 0 } : {},
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const { momentum: last } = slots;
      if (last === undefined)
        return { parameters: subtract(parameters, multiply(rate, gradient)), slots, scalars };
      const { started } = scalars;
      // 1 on the first step, 1 - dampening afterwards.
      const entering =
        started === undefined
          ? gradient
          : multiply(gradient, subtract(filled([], 1), multiply(started, dampening)));
      const direction = flushMoment(add(multiply(last, momentum), entering));
      const step = nesterov ? add(gradient, multiply(direction, momentum)) : direction;
      return {
        parameters: subtract(parameters, multiply(rate, step)),
        slots: { momentum: direction },
        scalars: started === undefined ? {} : { started: filled([], 1) },
      };
    },
  });
}
