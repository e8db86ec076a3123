import { type Clipping, divide, maximum, multiply, sqrt, square, sum } from "@myelin/tensor";
import { checkLimit } from "./check-limit.js";

/** Each gradient on its own: g limit / max(|g|, limit), |g| its Euclidean norm. As Keras `clipnorm`. */
export function clipByNorm(limit: number): Clipping {
  checkLimit("clipByNorm", limit);
  return {
    config: { kind: "clipByNorm", arguments: [limit] },
    apply: (gradients) =>
      gradients.map((gradient) =>
        multiply(gradient, divide(limit, maximum(sqrt(sum(square(gradient))), limit))),
      ),
  };
}
