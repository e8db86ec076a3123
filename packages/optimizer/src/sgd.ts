import {
  add,
  filled,
  mapRecord,
  multiply,
  type Optimizer,
  subtract,
  type Tensor,
  want,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, defineOptimizer } from "./define-optimizer.js";
import { flushMoment } from "./flush.js";
import { withWeightDecay } from "./moments.js";

export interface SgdOptions extends CommonOptions {
  /** Share of the last direction that is kept. Default 0: plain gradient descent. */
  readonly momentum?: number | undefined;
  /** Looks ahead along the momentum. Needs momentum > 0 and dampening 0. Default false. */
  readonly nesterov?: boolean | undefined;
  /** Part of each gradient that does not enter the momentum (the first one enters whole). Default 0. */
  readonly dampening?: number | undefined;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * Gradient descent: b <- momentum b + (1 - dampening) g, parameter <- parameter - rate b; with Nesterov, rate (g + momentum b).
 * Definition: PyTorch `SGD` (the first step sets b = g). Default learning rate 0.01.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("sgd", options, {
    learningRate: 0.01,
    clipping: undefined,
    momentum: 0,
    nesterov: false,
    dampening: 0,
    weightDecay: 0,
  });
  const { momentum, nesterov, dampening, weightDecay } = rule;
  const fits = !nesterov || (momentum > 0 && dampening === 0);
  want(fits, "sgd", "momentum and no dampening with nesterov", `${momentum} and ${dampening}`);
  return defineOptimizer({
    kind: "sgd",
    learningRate,
    clipping,
    options: rule,
    slots: momentum ? { momentum: 0 } : {},
    scalars: momentum && dampening ? { started: 0 } : {},
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const descend = (step: Tensor) => subtract(parameters, multiply(rate, step));
      if (!slots.momentum) return { parameters: descend(gradient), slots, scalars };
      const { started } = scalars;
      // 1 on the first step, 1 - dampening afterwards.
      const entering = started ? multiply(gradient, subtract(1, multiply(started, dampening))) : gradient;
      const direction = flushMoment(add(multiply(slots.momentum, momentum), entering));
      return {
        parameters: descend(nesterov ? add(gradient, multiply(direction, momentum)) : direction),
        slots: { momentum: direction },
        scalars: mapRecord(scalars, () => filled([], 1)),
      };
    },
  });
}
