import type { Activation } from "@myelin/tensor";
import { clamp, clampNumber } from "./clamp.js";
import { defineActivation } from "./define-activation.js";

/**
 * relu6(z) = min(max(z, 0), 6): a relu with a ceiling, for networks that will run with few bits.
 *
 * Derivative: 1 between the bounds, 0 at them and outside. Range: [0, 6]. Kinks: 0 and 6. Krizhevsky 2010.
 */
export const relu6: Activation = defineActivation({
  name: "relu6",
  forward: (z) => clamp(z, 0, 6),
  reference: (z) => clampNumber(z, 0, 6),
  kinks: [0, 6],
  range: [0, 6],
});
