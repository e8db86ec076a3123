import { type Clipping, multiply, square, sum } from "@myelin/tensor";
import { checkLimit } from "./check-limit.js";
import { normFactor } from "./norm-factor.js";

/** Each gradient on its own: g limit / max(|g|, limit), |g| its Euclidean norm. As Keras `clipnorm`. NaN where it is not finite. */
export function clipByNorm(limit: number): Clipping {
  checkLimit("clipByNorm", limit);
  return {
    config: { kind: "clipByNorm", arguments: [limit] },
    apply: (gradients) =>
      gradients.map((gradient) => multiply(gradient, normFactor(sum(square(gradient)), limit))),
  };
}
