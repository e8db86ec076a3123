import { type Activation, lessOrEqual, select } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * relu(z) = z for z > 0, else 0. NaN passes through.
 *
 * Derivative: 1 where the unit is active, 0 where it is not (and at 0): gradients pass unchanged or not at all. A unit that
 * is inactive for all data never learns again ("dead"). Range: [0, ∞). Kink: 0.
 *
 * Nair and Hinton 2010; Glorot, Bordes and Bengio 2011.
 */
export const relu: Activation = defineActivation({
  name: "relu",
  // The compiler knows this form: one instruction forward, and the mask of the gradient is read off the result.
  forward: (z) => select(lessOrEqual(z, 0), 0, z),
  reference: (z) => Math.max(z, 0),
  kinks: [0],
  range: [0, Infinity],
});
