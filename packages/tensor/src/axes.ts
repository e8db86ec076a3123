import type { Tensor } from "./tensor.js";
import { wantShapes, wantTensor } from "./want.js";

/** One axis or several; -1 is the last, -2 the one before. */
export type Axes = number | readonly number[];

/** Axes as the ops take them: a list, counted from the first. Default: all. Throws where `x` is no tensor or has no such axis. */
export function axesOf(operation: string, x: Pick<Tensor, "shape">, axes?: Axes): number[] {
  wantTensor(operation, x);
  const { shape } = x;
  const list = [axes ?? [...shape.keys()]].flat() as number[];
  const rank = shape.length;
  const exist = list.every((axis) => Number.isInteger(axis) && axis >= -rank && axis < rank);
  wantShapes(exist, operation, `axes between ${-rank} and ${rank - 1}, not (${list})`, [shape]);
  return list.map((axis) => (axis < 0 ? axis + rank : axis));
}
