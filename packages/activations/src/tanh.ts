import { type Activation, tanh as primitive } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * tanh(z) = (e^z - e^-z) / (e^z + e^-z): a sigmoid around 0, so that the next layer sees values without a bias.
 *
 * Derivative: 1 - y², 1 at 0 and near 0 where |z| > 3 (saturation). Range: (-1, 1); exactly -1 or 1 in float32 far out.
 * No kinks. LeCun et al. 1998, "Efficient backprop".
 */
export const tanh: Activation = defineActivation({
  name: "tanh",
  forward: primitive,
  reference: Math.tanh,
  range: [-1, 1],
});
