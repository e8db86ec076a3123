import {
  add,
  divide,
  filled,
  maximum,
  multiply,
  type Optimizer,
  sqrt,
  subtract,
  withDefaults,
} from "@myelin/tensor";
import { type CommonOptions, checkDecay, defineOptimizer } from "./define-optimizer.js";
import { decayed, movingAverage, movingSquare, nextCorrection, withWeightDecay } from "./moments.js";

export interface AdamOptions extends CommonOptions {
  /** Decay of the moving average of gradients. Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the moving average of squared gradients. Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the corrected second moment, outside of the root. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Divides by the largest second moment so far (Reddi et al. 2018). Default false. */
  readonly amsgrad?: boolean | undefined;
  /** adam: added to the gradient as weightDecay x parameter (default 0). adamW: decoupled (default 0.01). */
  readonly weightDecay?: number | undefined;
}

/**
 * Adam: parameter <- parameter - rate mean / (1 - beta1^t) / (sqrt(variance / (1 - beta2^t)) + epsilon).
 * Kingma and Ba 2015, arXiv:1412.6980; epsilon as in PyTorch `Adam`. Default learning rate 0.001.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamFamily("adam", options, 0);
}

/** Adam with decoupled weight decay: Loshchilov and Hutter 2019, arXiv:1711.05101, as in PyTorch `AdamW`. */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adamFamily("adamW", options, 0.01);
}

function adamFamily(kind: "adam" | "adamW", options: AdamOptions, decay: number): Optimizer {
  const { learningRate, clipping, ...rule } = withDefaults(kind, options, {
    learningRate: 1e-3,
    clipping: undefined,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    amsgrad: false,
    weightDecay: decay,
  });
  const { beta1, beta2, epsilon, amsgrad, weightDecay } = rule;
  checkDecay(kind, "beta1", beta1);
  checkDecay(kind, "beta2", beta2);
  const coupled = kind === "adam" ? weightDecay : 0;
  const decoupled = kind === "adamW" ? weightDecay : 0;
  return defineOptimizer({
    kind,
    learningRate,
    clipping,
    options: rule,
    slots: { mean: 0, variance: 0, ...(amsgrad ? { largest: 0 } : {}) },
    scalars: { correction1: 0, correction2: 0 },
    update: ({ parameters, gradients, slots, scalars, learningRate: rate }) => {
      const gradient = withWeightDecay(gradients, parameters, coupled);
      const mean = movingAverage(slots.mean as typeof gradient, gradient, beta1);
      const variance = movingSquare(slots.variance as typeof gradient, gradient, beta2);
      const correction1 = nextCorrection(scalars.correction1 as typeof rate, beta1);
      const correction2 = nextCorrection(scalars.correction2 as typeof rate, beta2);
      const largest = slots.largest === undefined ? undefined : maximum(slots.largest, variance);
      // Both corrections are single numbers: one root and one division per parameter remain.
      const scale = divide(filled([], 1), sqrt(correction2));
      const denominator = add(multiply(sqrt(largest ?? variance), scale), epsilon);
      const step = multiply(divide(rate, correction1), divide(mean, denominator));
      return {
        parameters: subtract(decayed(parameters, rate, decoupled), step),
        slots: { mean, variance, ...(largest === undefined ? {} : { largest }) },
        scalars: { correction1, correction2 },
      };
    },
  });
}
