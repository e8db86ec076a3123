import { type Activation, sigmoid as primitive } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * sigmoid(z) = 1 / (1 + e^-z), the logistic function: turns a score into a probability.
 *
 * Derivative: y (1 - y), at most 1/4 (at 0) and near 0 where the unit is sure; through many layers it vanishes.
 * Range: (0, 1); exactly 0 or 1 in float32 far out. No kinks.
 *
 * Verhulst 1838; in networks Rumelhart, Hinton and Williams 1986.
 */
export const sigmoid: Activation = defineActivation({
  name: "sigmoid",
  forward: primitive,
  reference: (z) => 1 / (1 + Math.exp(-z)),
  range: [0, 1],
});
