import { l1 } from "./l1.js";
import { l1l2 } from "./l1l2.js";
import { l2 } from "./l2.js";

/**
 * Penalties on weights: `dense(64, { kernelRegularizer: regularizers.l2(1e-4) })`.
 *
 * A plain record, so that bundlers drop it where it is not used, and names do not collide with other functions.
 */
export const regularizers: {
  readonly l1: typeof l1;
  readonly l2: typeof l2;
  readonly l1l2: typeof l1l2;
} = { l1, l2, l1l2 };
