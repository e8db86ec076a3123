import { type Activation, softplus as composite } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * softplus(z) = log(1 + e^z): a relu without a corner; for outputs that must be positive, such as a variance.
 *
 * Derivative: sigmoid(z). Range: (0, ∞); exactly 0 in float32 far below. No kinks. Dugas et al. 2001.
 */
export const softplus: Activation = defineActivation({
  name: "softplus",
  forward: composite,
  reference: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  range: [0, Infinity],
});
