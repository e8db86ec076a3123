import { type Activation, expm1, lessOrEqual, minimum, select, want, withDefaults } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * elu(z) = z for z > 0, else alpha (e^z - 1). Default alpha: 1. NaN passes through.
 *
 * Derivative: 1, or alpha e^z = y + alpha: fades instead of stopping, and pulls the mean of the activations towards 0.
 * Range: (-alpha, ∞). Kink: 0, unless alpha is 1.
 *
 * Clevert, Unterthiner and Hochreiter 2015, arXiv:1511.07289.
 */
export function elu(options: { readonly alpha?: number | undefined } = {}): Activation {
  const { alpha } = withDefaults("elu", options, { alpha: 1 });
  want(Number.isFinite(alpha), "elu", "a finite number as alpha", alpha);
  return defineActivation({
    name: "elu",
    options: { alpha },
    // The minimum keeps e^z from overflowing where the other branch is taken: its gradient would be 0 * Infinity.
    forward: (z) => select(lessOrEqual(z, 0), expm1(minimum(z, 0)).multiply(alpha), z),
    reference: (z) => (z <= 0 ? alpha * Math.expm1(z) : z),
    kinks: alpha === 1 ? [] : [0],
    range: [-alpha, Infinity],
  });
}
