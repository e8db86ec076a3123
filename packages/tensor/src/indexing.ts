import { axesOf } from "./axes.js";
import { equal, select } from "./elementwise.js";
import { make } from "./make.js";
import { expandDims } from "./movement.js";
import { max, min } from "./reduction.js";
import { iota } from "./sources.js";
import type { Tensor } from "./tensor.js";
import { want, wantTensor } from "./want.js";

/**
 * Rows of `table` (axis 0) by index: shape [...indices.shape, ...table.shape.slice(1)]. Indices are i32 and must lie in
 * the table; data that come from users are checked before a run.
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  return make("gather", [table, indices], {});
}

/** A table of `size` rows into which `rows` are added at `indices`; rows that share an index are summed in order. */
export function scatterAdd(indices: Tensor, rows: Tensor, size: number): Tensor {
  return make("scatterAdd", [indices, rows], { size });
}

/** i32 index of the first maximum along one axis (ties go to the lowest index). */
export function argmax(x: Tensor, axis = -1): Tensor {
  const [along, another] = axesOf("argmax", x, axis) as [number, number?];
  want(another === undefined, "argmax", "one axis", axis);
  const size = x.shape[along] as number;
  const atMaximum = equal(x, max(x, along, { keepDims: true }));
  return min(select(atMaximum, iota(x.shape, along), size), along);
}

/** f32 rows with 1 at the index and 0 elsewhere; the new axis is the last. */
export function oneHot(indices: Tensor, size: number): Tensor {
  wantTensor("oneHot", indices);
  const shape = [...indices.shape, size];
  return select(equal(iota(shape), expandDims(indices, -1)), 1, 0);
}
