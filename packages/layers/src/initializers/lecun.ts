import type { Initializer } from "@myelin/tensor";
import { normalWithVariance, uniformWithVariance } from "./variance.js";

/** Uniform with variance 1 / fanIn, bounds ±sqrt(3 / fanIn): for selu and for layers without activation. LeCun et al. 1998. */
export const lecunUniform: Initializer = /* @__PURE__ */ uniformWithVariance(
  "lecunUniform",
  ({ fanIn }) => 1 / fanIn,
);

/** Truncated normal with variance 1 / fanIn. LeCun et al. 1998. */
export const lecunNormal: Initializer = /* @__PURE__ */ normalWithVariance(
  "lecunNormal",
  ({ fanIn }) => 1 / fanIn,
);
