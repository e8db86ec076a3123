import type { Shape } from "./shape.js";
import type { NestedNumbers } from "./typed-shape.js";

/** Flat numbers as nested arrays; one number for shape []. */
export function nest(values: ArrayLike<number>, shape: Shape): NestedNumbers {
  let at = 0;
  const level = (depth: number): NestedNumbers => {
    const extent = shape[depth];
    if (extent === undefined) return values[at++] as number;
    return Array.from({ length: extent }, () => level(depth + 1));
  };
  return level(0);
}
