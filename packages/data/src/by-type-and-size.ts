import type { Category } from "./one-hot-encoder.js";

/** For `sort`: numbers by size before texts by code units, whatever order they came in. */
export function byTypeAndSize(a: Category, b: Category): number {
  const [left, right] = typeof a === typeof b ? [a, b] : [typeof a, typeof b];
  return (left as string) < (right as string) ? -1 : (left as string) > (right as string) ? 1 : 0;
}
