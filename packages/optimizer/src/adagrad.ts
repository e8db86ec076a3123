import {
  add,
  divide,
  multiply,
  type Optimizer,
  sqrt,
  square,
  subtract,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, defineOptimizer } from "./define-optimizer.js";
import { flushSquare } from "./flush.js";
import { withWeightDecay } from "./moments.js";

export interface AdagradOptions extends CommonOptions {
  /** What the sum of squares starts from. Default 0. */
  readonly initialAccumulator?: number | undefined;
  /** Added to the root, outside of it. Default 1e-10. */
  readonly epsilon?: number | undefined;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * Adagrad: parameter <- parameter - rate g / (sqrt(sum of g²) + epsilon); rates only shrink.
 * Duchi, Hazan and Singer 2011; constants as in PyTorch `Adagrad`. Default learning rate 0.01.
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("adagrad", options, {
    learningRate: 0.01,
    clipping: undefined,
    initialAccumulator: 0,
    epsilon: 1e-10,
    weightDecay: 0,
  });
  const { initialAccumulator, epsilon, weightDecay } = rule;
  return defineOptimizer({
    kind: "adagrad",
    learningRate,
    clipping,
    options: rule,
    slots: { sum: initialAccumulator },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const sum = flushSquare(add(slots.sum as Tensor, square(gradient)));
      const step = multiply(rate, divide(gradient, add(sqrt(sum), epsilon)));
      return { parameters: subtract(parameters, step), slots: { sum }, scalars };
    },
  });
}
