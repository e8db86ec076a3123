import type { Activation } from "@myelin/tensor";
import { clamp, clampNumber } from "./clamp.js";
import { defineActivation } from "./define-activation.js";

/**
 * hardSwish(z) = z hardSigmoid(z) = z min(max(z + 3, 0), 6) / 6: silu without an exponential.
 *
 * Derivative: (2 z + 3) / 6 between -3 and 3, below 0 and above 1, with jumps of 1/2 at both ends. Range: [-0.375, ∞).
 * Kinks: -3 and 3. NaN at -∞, as z times a gate of 0. Howard et al. 2019, arXiv:1905.02244.
 */
export const hardSwish: Activation = defineActivation({
  name: "hardSwish",
  forward: (z) => z.multiply(clamp(z.add(3), 0, 6).divide(6)),
  reference: (z) => z * (clampNumber(z + 3, 0, 6) / 6),
  kinks: [-3, 3],
  range: [-0.375, Infinity],
});
