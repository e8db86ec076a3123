import { type Activation, expm1, lessOrEqual, minimum, select } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

/**
 * selu(z) = 1.0507 z for z > 0, else 1.0507 * 1.6733 (e^z - 1). With lecunNormal weights, activations of mean 0 and variance
 * 1 stay so from layer to layer: the two constants are the fixed point.
 *
 * Derivative: 1.0507, or 1.7581 e^z; larger than 1 in places, which keeps gradients from fading. Range: (-1.7581, ∞).
 * Kink: 0. Klambauer et al. 2017, arXiv:1706.02515.
 */
export const selu: Activation = defineActivation({
  name: "selu",
  forward: (z) => select(lessOrEqual(z, 0), expm1(minimum(z, 0)).multiply(SCALE * ALPHA), z.multiply(SCALE)),
  reference: (z) => (z <= 0 ? SCALE * ALPHA * Math.expm1(z) : SCALE * z),
  kinks: [0],
  range: [-1.7580993408473766, Infinity],
});
