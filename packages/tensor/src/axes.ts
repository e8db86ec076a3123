import type { Shape } from "./shape.js";
import { wantShapes } from "./want.js";

/** One axis or several; -1 is the last, -2 the one before. */
export type Axes = number | readonly number[];

/** Axes as the ops take them: a list, counted from the first. Throws where `shape` has no such axis. */
export function axesOf(operation: string, shape: Shape, axes: Axes): number[] {
  const list = [axes].flat() as number[];
  const rank = shape.length;
  const exist = list.every((axis) => Number.isInteger(axis) && axis >= -rank && axis < rank);
  wantShapes(exist, operation, `axes between ${-rank} and ${rank - 1}, not (${list.join(", ")})`, [shape]);
  return list.map((axis) => (axis < 0 ? axis + rank : axis));
}
