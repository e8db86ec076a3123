import { type Activation, lessOrEqual, select, want, withDefaults } from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * leakyRelu(z) = z for z > 0, else slope z. Default slope: 0.01 (PyTorch; Keras uses 0.2 or 0.3).
 *
 * Derivative: 1 or slope (at 0: slope); an inactive unit keeps learning a little. Range: all numbers. Kink: 0.
 *
 * Maas, Hannun and Ng 2013.
 */
export function leakyRelu(options: { readonly slope?: number | undefined } = {}): Activation {
  const { slope } = withDefaults("leakyRelu", options, { slope: 0.01 });
  want(Number.isFinite(slope), "leakyRelu", "a finite number as slope", slope);
  return defineActivation({
    name: "leakyRelu",
    options: { slope },
    forward: (z) => select(lessOrEqual(z, 0), z.multiply(slope), z),
    reference: (z) => (z <= 0 ? slope * z : z),
    kinks: slope === 1 ? [] : [0],
    range: [slope > 0 ? -Infinity : 0, Infinity],
  });
}
