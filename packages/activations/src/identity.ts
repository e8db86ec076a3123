import type { Activation } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * identity(z) = z. Also called linear: what an output layer for regression, or one that ends in logits, uses.
 *
 * Derivative: 1 everywhere; a stack of layers with nothing between them is one linear layer. Range: all numbers. No kinks.
 */
export const identity: Activation = defineActivation({
  name: "identity",
  forward: (z) => z,
  reference: (z) => z,
  range: [-Infinity, Infinity],
});
