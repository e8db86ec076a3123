import { multiply, square, sum } from "@myelin/tensor";
import type { Regularizer } from "./regularizer.js";
import { wantStrength } from "./strength.js";

/**
 * strength * sum(w²), as in Keras; its gradient is 2 strength w. (`weight_decay` of PyTorch adds strength w to the
 * gradient: halve it to compare.)
 */
export function l2(strength: number): Regularizer {
  wantStrength("l2", strength);
  return {
    config: { kind: "l2", arguments: [strength] },
    penalty: (weights) => multiply(sum(square(weights)), strength),
  };
}
