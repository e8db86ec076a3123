import { type Activation, exp } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * exponential(z) = e^z: for outputs that must be positive and are multiplied, such as a rate of events.
 *
 * Derivative: y itself. Range: (0, ∞); infinite in float32 above 88.7. No kinks.
 */
export const exponential: Activation = defineActivation({
  name: "exponential",
  forward: exp,
  reference: Math.exp,
  range: [0, Infinity],
});
