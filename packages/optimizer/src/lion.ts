import { multiply, type Optimizer, sign, subtract, type Tensor, withDefaults } from "@myelin/tensor";
import { type CommonOptions, checkDecay, defineOptimizer } from "./define-optimizer.js";
import { decayed, movingAverage, weighted } from "./moments.js";

export interface LionOptions extends CommonOptions {
  /** Weight of the momentum in the direction. Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the momentum. Default 0.99. */
  readonly beta2?: number | undefined;
  /** Decoupled, scaled by the learning rate. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * Lion: parameter <- parameter - rate sign(beta1 m + (1 - beta1) g), then m <- beta2 m + (1 - beta2) g.
 * Chen et al. 2023, arXiv:2302.06675. Default learning rate 0.0001.
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("lion", options, {
    learningRate: 1e-4,
    clipping: undefined,
    beta1: 0.9,
    beta2: 0.99,
    weightDecay: 0,
  });
  const { beta1, beta2, weightDecay } = rule;
  checkDecay("lion", "beta1", beta1);
  checkDecay("lion", "beta2", beta2);
  return defineOptimizer({
    kind: "lion",
    learningRate,
    clipping,
    options: rule,
    slots: { momentum: 0 },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const last = slots.momentum as Tensor;
      const direction = sign(weighted(last, gradients, beta1));
      return {
        parameters: subtract(decayed(parameters, rate, weightDecay), multiply(rate, direction)),
        slots: { momentum: movingAverage(last, gradients, beta2) },
        scalars,
      };
    },
  });
}
