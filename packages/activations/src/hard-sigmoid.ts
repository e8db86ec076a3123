import type { Activation } from "@myelin/tensor";
import { clamp, clampNumber } from "./clamp.js";
import { defineActivation } from "./define-activation.js";

/**
 * hardSigmoid(z) = min(max(z + 3, 0), 6) / 6: a sigmoid from three straight pieces, as in PyTorch and Keras 3. (TensorFlow.js
 * and Keras 2 mean 0.2 z + 0.5.)
 *
 * Derivative: 1/6 between the bounds, 0 at them and outside. Range: [0, 1]. Kinks: -3 and 3.
 *
 * Courbariaux, Bengio and David 2015, arXiv:1511.00363.
 */
export const hardSigmoid: Activation = defineActivation({
  name: "hardSigmoid",
  forward: (z) => clamp(z.add(3), 0, 6).divide(6),
  reference: (z) => clampNumber(z + 3, 0, 6) / 6,
  kinks: [-3, 3],
  range: [0, 1],
});
