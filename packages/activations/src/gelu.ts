import {
  type Activation,
  clip,
  complementaryErrorFunction,
  erfc,
  sigmoid,
  type Tensor,
  want,
  withDefaults,
} from "@myelin/tensor";
import { defineActivation } from "./define-activation.js";

/**
 * gelu(z) = z P(N <= z) = z (1 + erf(z / √2)) / 2: z times the share of a normal distribution below it.
 * `approximate: "tanh"` replaces that share by (1 + tanh(√(2/π) (z + 0.044715 z³))) / 2. Default: exact, as in PyTorch and Keras.
 * Both shares are written without a sum, which would cancel below -3: erfc(-z / √2) / 2, and sigmoid(x) for (1 + tanh(x / 2)) / 2.
 *
 * Derivative: from 0 over a slight dip (-0.13 at z = -1.4) to 1: close to relu, but smooth. Range: [-0.17, ∞). No kinks.
 * NaN at -∞, as z times a share of 0.
 *
 * Hendrycks and Gimpel 2016, arXiv:1606.08415.
 */
export function gelu(options: { readonly approximate?: "tanh" | "none" | undefined } = {}): Activation {
  const { approximate } = withDefaults("gelu", options, { approximate: "none" });
  const isKnown = approximate === "tanh" || approximate === "none";
  want(isKnown, "gelu", 'approximate "tanh" or "none"', approximate);
  const share = approximate === "tanh" ? approximation : exact;
  return defineActivation({
    name: "gelu",
    options: { approximate },
    forward: (z) => z.multiply(share.forward(z)),
    reference: (z) => z * share.reference(z),
    range: [-0.1700407506, Infinity],
  });
}

const exact = {
  forward: (z: Tensor): Tensor => erfc(z.multiply(-Math.SQRT1_2)).multiply(0.5),
  reference: (z: number): number => complementaryErrorFunction(-z * Math.SQRT1_2) / 2,
};

const TWICE_SQRT_2_OVER_PI = 1.5957691216057308;

const approximation = {
  forward: (z: Tensor): Tensor => {
    // Beyond 22 the sigmoid is 0 or 1; without the bound z³ overflows and the gradient is 0 * Infinity.
    const near = clip(z, -22, 22);
    const cubic = near.multiply(near.square().multiply(0.044715).add(1));
    return sigmoid(cubic.multiply(TWICE_SQRT_2_OVER_PI));
  },
  reference: (z: number): number => 1 / (1 + Math.exp(-TWICE_SQRT_2_OVER_PI * (z + 0.044715 * z * z * z))),
};
