import { type Activation, logSoftmax as composite } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * logSoftmax(z)_i = z_i - log(sum_j e^z_j) over the last axis: logarithms of probabilities, exact where these underflow.
 *
 * Derivative: dy_i/dz_j = [i = j] - softmax(z)_j. Range: (-∞, 0). No kinks.
 */
export const logSoftmax: Activation = defineActivation({
  name: "logSoftmax",
  forward: (z) => composite(z),
  range: [-Infinity, 0],
});
