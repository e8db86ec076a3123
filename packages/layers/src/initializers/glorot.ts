import type { Initializer } from "@myelin/tensor";
import { normalWithVariance, uniformWithVariance } from "./variance.js";

/**
 * Uniform with variance 2 / (fanIn + fanOut), bounds ±sqrt(6 / (fanIn + fanOut)): keeps both activations and gradients at
 * their scale through layers with tanh or none. Glorot and Bengio 2010.
 */
export const glorotUniform: Initializer = /* @__PURE__ */ uniformWithVariance(
  "glorotUniform",
  ({ fanIn, fanOut }) => 2 / (fanIn + fanOut),
);

/** Truncated normal with variance 2 / (fanIn + fanOut). Glorot and Bengio 2010. */
export const glorotNormal: Initializer = /* @__PURE__ */ normalWithVariance(
  "glorotNormal",
  ({ fanIn, fanOut }) => 2 / (fanIn + fanOut),
);
