import type { Initializer } from "@myelin/tensor";
import { fansOf } from "./fans.js";
import { truncatedNormal } from "./normal.js";
import { uniformValues } from "./uniform.js";

type VarianceOf = (fans: ReturnType<typeof fansOf>) => number;

/** Uniform with the given variance: the bounds are the square root of three times it. */
export function uniformWithVariance(kind: string, variance: VarianceOf): Initializer {
  return {
    config: { kind },
    generate: (shape, key) => {
      const limit = Math.sqrt(3 * variance(fansOf(shape)));
      return uniformValues(shape, key, -limit, limit);
    },
  };
}

/** Truncated normal with the given variance. */
export function normalWithVariance(kind: string, variance: VarianceOf): Initializer {
  return {
    config: { kind },
    generate: (shape, key) =>
      truncatedNormal({ standardDeviation: Math.sqrt(variance(fansOf(shape))) }).generate(shape, key),
  };
}
