import { absolute, multiply, sum } from "@myelin/tensor";
import type { Regularizer } from "./regularizer.js";
import { wantStrength } from "./strength.js";

/** strength * sum(|w|): drives weights to exactly 0. The derivative at 0 is 0. */
export function l1(strength: number): Regularizer {
  wantStrength("l1", strength);
  return {
    config: { kind: "l1", arguments: [strength] },
    penalty: (weights) => multiply(sum(absolute(weights)), strength),
  };
}
