import {
  add,
  divide,
  multiply,
  type Optimizer,
  sqrt,
  subtract,
  type Tensor,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, checkDecay, defineOptimizer } from "./define-optimizer.js";
import { movingSquare, withWeightDecay } from "./moments.js";

export interface AdadeltaOptions extends CommonOptions {
  /** Decay of both moving averages. Default 0.9. */
  readonly rho?: number | undefined;
  /** Added to both averages, inside of the roots; it makes the first steps. Default 1e-6. */
  readonly epsilon?: number | undefined;
  /** Adds weightDecay x parameter to the gradient. Default 0. */
  readonly weightDecay?: number | undefined;
}

/**
 * Adadelta: steps d = sqrt(average of d² + epsilon) / sqrt(average of g² + epsilon) g, which have the unit of the parameters;
 * parameter <- parameter - rate d. The numerator is from before this step, the denominator has this gradient in it.
 * Zeiler 2012, arXiv:1212.5701; constants as in PyTorch `Adadelta`. Default learning rate 1.
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults("adadelta", options, {
    learningRate: 1,
    clipping: undefined,
    rho: 0.9,
    epsilon: 1e-6,
    weightDecay: 0,
  });
  const { rho, epsilon, weightDecay } = rule;
  checkDecay("adadelta", "rho", rho);
  return defineOptimizer({
    kind: "adadelta",
    learningRate,
    clipping,
    options: rule,
    slots: { square: 0, stepSquare: 0 },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, weightDecay);
      const last = slots.stepSquare as Tensor;
      const square = movingSquare(slots.square as Tensor, gradient, rho);
      const step = multiply(divide(sqrt(add(last, epsilon)), sqrt(add(square, epsilon))), gradient);
      return {
        parameters: subtract(parameters, multiply(rate, step)),
        slots: { square, stepSquare: movingSquare(last, step, rho) },
        scalars,
      };
    },
  });
}
