import { type Activation, softplus, tanh } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * mish(z) = z tanh(softplus(z)).
 *
 * Derivative: from 0 over a slight dip (-0.11 at z = -2.3) to 1, smooth everywhere. Range: [-0.31, ∞). No kinks.
 * NaN at -∞, as z times a gate of 0. Misra 2019, arXiv:1908.08681.
 */
export const mish: Activation = defineActivation({
  name: "mish",
  forward: (z) => z.multiply(tanh(softplus(z))),
  reference: (z) => z * Math.tanh(Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))),
  range: [-0.3088413745, Infinity],
});
