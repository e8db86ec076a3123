import { type Activation, sigmoid } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * silu(z) = z sigmoid(z), also called swish: a unit that gates itself.
 *
 * Derivative: s + z s (1 - s) with s = sigmoid(z): from 0 over a slight dip (-0.1 at z = -2.4) to 1, with an overshoot of 1.1.
 * Range: [-0.28, ∞). No kinks. NaN at -∞, as z times a gate of 0.
 *
 * Hendrycks and Gimpel 2016, arXiv:1606.08415; Ramachandran, Zoph and Le 2017, arXiv:1710.05941.
 */
export const silu: Activation = defineActivation({
  name: "silu",
  forward: (z) => z.multiply(sigmoid(z)),
  reference: (z) => z / (1 + Math.exp(-z)),
  range: [-0.2784645428, Infinity],
});
