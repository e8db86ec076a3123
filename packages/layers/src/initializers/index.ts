import type { Initializer } from "@myelin/tensor";
import { constant, ones, zeros } from "./constant.js";
import { glorotNormal, glorotUniform } from "./glorot.js";
import { heNormal, heUniform } from "./he.js";
import { lecunNormal, lecunUniform } from "./lecun.js";
import { normal, truncatedNormal } from "./normal.js";
import { uniform } from "./uniform.js";

/**
 * First values of parameters: `dense(64, { activation: relu, kernelInitializer: initializers.heNormal })`. The same seed
 * and parameter name give the same values on every machine.
 *
 * A plain record, so that bundlers drop it where it is not used, and `zeros` or `normal` do not collide with the functions
 * of these names in @myelin/tensor.
 */
export const initializers: {
  readonly zeros: Initializer;
  readonly ones: Initializer;
  readonly constant: typeof constant;
  readonly uniform: typeof uniform;
  readonly normal: typeof normal;
  readonly truncatedNormal: typeof truncatedNormal;
  readonly glorotUniform: Initializer;
  readonly glorotNormal: Initializer;
  readonly heUniform: Initializer;
  readonly heNormal: Initializer;
  readonly lecunUniform: Initializer;
  readonly lecunNormal: Initializer;
} = {
  zeros,
  ones,
  constant,
  uniform,
  normal,
  truncatedNormal,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
};
