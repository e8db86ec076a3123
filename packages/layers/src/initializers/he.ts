import type { Initializer } from "@myelin/tensor";
import { normalWithVariance, uniformWithVariance } from "./variance.js";

/** Uniform with variance 2 / fanIn, bounds ±sqrt(6 / fanIn): for layers with relu, which drops half. He et al. 2015. */
export const heUniform: Initializer = /* @__PURE__ */ uniformWithVariance(
  "heUniform",
  ({ fanIn }) => 2 / fanIn,
);

/** Truncated normal with variance 2 / fanIn: for layers with relu. He et al. 2015. */
export const heNormal: Initializer = /* @__PURE__ */ normalWithVariance("heNormal", ({ fanIn }) => 2 / fanIn);
