import { type Activation, softmax as composite } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * softmax(z)_i = e^z_i / sum_j e^z_j over the last axis: scores become probabilities that sum to 1.
 *
 * Derivative: dy_i/dz_j = y_i ([i = j] - y_j): raising one score takes from all others. To train, let the network end in
 * scores and use crossEntropy({ fromLogits: true }), which loses nothing where probabilities underflow.
 * Range: (0, 1). No kinks. Bridle 1990.
 */
export const softmax: Activation = defineActivation({
  name: "softmax",
  forward: (z) => composite(z),
  range: [0, 1],
});
