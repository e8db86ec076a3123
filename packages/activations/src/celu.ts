import {
  type Activation,
  ArgumentError,
  expm1,
  lessOrEqual,
  minimum,
  select,
  withDefaults,
} from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * celu(z) = z for z > 0, else alpha (e^(z / alpha) - 1): an elu whose derivative does not jump, whatever alpha is.
 * Default alpha: 1. Throws `ArgumentError` unless alpha is above 0.
 *
 * Derivative: 1, or e^(z / alpha). Range: (-alpha, ∞). No kinks. Barron 2017, arXiv:1704.07483.
 */
export function celu(options: { readonly alpha?: number | undefined } = {}): Activation {
  const { alpha } = withDefaults("celu", options, { alpha: 1 });
  if (!(Number.isFinite(alpha) && alpha > 0)) throw new ArgumentError("celu", "an alpha above 0", alpha);
  return defineActivation({
    name: "celu",
    options: { alpha },
    forward: (z) => select(lessOrEqual(z, 0), expm1(minimum(z, 0).divide(alpha)).multiply(alpha), z),
    reference: (z) => (z <= 0 ? alpha * Math.expm1(z / alpha) : z),
    range: [-alpha, Infinity],
  });
}
