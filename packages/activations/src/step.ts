import { type Activation, greaterOrEqual, less, select, stopGradient } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * step(z) = 1 for z >= 0, else 0 (Heaviside): a unit that fires or does not. NaN passes through.
 *
 * Derivative: 0 everywhere, so gradient descent learns nothing through it; it belongs to the perceptron rule, which does
 * without derivatives. Range: 0 and 1. Kink: jumps at 0.
 *
 * McCulloch and Pitts 1943; Rosenblatt 1958, "The perceptron".
 */
export const step: Activation = defineActivation({
  name: "step",
  // Only NaN is neither below 0 nor at or above it.
  forward: (z) => select(less(z, 0), 0, select(greaterOrEqual(z, 0), 1, stopGradient(z))),
  reference: (z) => (z < 0 ? 0 : z >= 0 ? 1 : z),
  kinks: [0],
  range: [0, 1],
});
