import type { Activation } from "@myelin/tensor";
import { clamp, clampNumber } from "./clamp.js";
import { defineActivation } from "./define-activation.js";

/**
 * hardTanh(z) = min(max(z, -1), 1): tanh from three straight pieces.
 *
 * Derivative: 1 between the bounds, 0 at them and outside. Range: [-1, 1]. Kinks: -1 and 1. Collobert 2004.
 */
export const hardTanh: Activation = defineActivation({
  name: "hardTanh",
  forward: (z) => clamp(z, -1, 1),
  reference: (z) => clampNumber(z, -1, 1),
  kinks: [-1, 1],
  range: [-1, 1],
});
