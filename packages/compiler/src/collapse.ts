import type { View } from "./view.js";

/** Neighbouring extents that every view walks as one, outermost first: [start, end) ranges. Never across a boundary. */
export function mergeableRuns(
  extents: readonly number[],
  views: readonly View[],
  boundaries: readonly number[],
): [number, number][] {
  const runs: [number, number][] = [];
  extents.forEach((extent, axis) => {
    const run = runs.at(-1);
    const continues = (view: View) => view.strides[axis - 1] === (view.strides[axis] as number) * extent;
    if (run !== undefined && !boundaries.includes(axis) && views.every(continues)) run[1] = axis + 1;
    else runs.push([axis, axis + 1]);
  });
  return runs;
}

/** The product of the extents of each run, in the order given. */
export function collapsedExtents(
  extents: readonly number[],
  runs: readonly (readonly [number, number])[],
): number[] {
  return runs.map(([start, end]) => extents.slice(start, end).reduce((size, extent) => size * extent, 1));
}

/** A run is walked with the stride of its innermost extent. */
export function collapsedStrides(
  strides: readonly number[],
  runs: readonly (readonly [number, number])[],
): number[] {
  return runs.map(([, end]) => strides[end - 1] as number);
}
