import type { Tensor } from "@myelin/tensor";

/**
 * Thrown where no loop nest can express something. The remedy is tried, then everything is lowered again: `stored` where
 * strides cannot express a walk over `node`, `alone` where kernels were put together that have no common loop nest.
 */
export class Unwritable extends Error {
  declare readonly node: Tensor;
  declare readonly remedy: "stored" | "alone";

  constructor(node: Tensor, remedy: "stored" | "alone") {
    super(`${node.op} has to be ${remedy}`);
    this.node = node;
    this.remedy = remedy;
  }
}
