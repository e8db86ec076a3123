import { add, type Clipping, multiply, square, sum } from "@myelin/tensor";
import { checkLimit } from "./check-limit.js";
import { normFactor } from "./norm-factor.js";

/**
 * All gradients by one factor limit / max(norm, limit), norm = the Euclidean norm of all of them together. As Keras
 * `global_clipnorm`; PyTorch `clip_grad_norm_` adds 1e-6 to the norm. A norm that is not finite makes all gradients NaN,
 * so that a run notices at once.
 */
export function clipByGlobalNorm(limit: number): Clipping {
  checkLimit("clipByGlobalNorm", limit);
  return {
    config: { kind: "clipByGlobalNorm", arguments: [limit] },
    apply: (gradients) => {
      if (gradients.length === 0) return gradients;
      const squares = gradients
        .map((gradient) => sum(square(gradient)))
        .reduce((total, next) => add(total, next));
      const factor = normFactor(squares, limit);
      return gradients.map((gradient) => multiply(gradient, factor));
    },
  };
}
