import { type Activation, absolute } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * softsign(z) = z / (1 + |z|): like tanh, but saturates slowly.
 *
 * Derivative: 1 / (1 + |z|)²; falls with the square of the distance where that of tanh falls exponentially.
 * Range: (-1, 1). No kinks. NaN at ±∞, as ∞ / ∞. Glorot and Bengio 2010.
 */
export const softsign: Activation = defineActivation({
  name: "softsign",
  forward: (z) => z.divide(absolute(z).add(1)),
  reference: (z) => z / (1 + Math.abs(z)),
  range: [-1, 1],
});
