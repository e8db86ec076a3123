import type { View } from "./view.js";

/** Axes that one loop walks, outermost first. */
export type Run = readonly number[];

/**
 * Joins axes that stand next to each other in `order` where every view walks them as one: a step of the outer axis is a
 * whole walk of the inner one. `together` forbids pairs that have different roles.
 */
export function mergeRuns(
  order: readonly number[],
  extents: readonly number[],
  views: readonly View[],
  together: (outer: number, inner: number) => boolean = () => true,
): Run[] {
  const runs: number[][] = [];
  for (const axis of order) {
    const run = runs.at(-1);
    const outer = run?.at(-1);
    const continues = ({ strides }: View) =>
      strides[outer as number] === (strides[axis] as number) * (extents[axis] as number);
    if (run !== undefined && outer !== undefined && together(outer, axis) && views.every(continues))
      run.push(axis);
    else runs.push([axis]);
  }
  return runs;
}

export function axesOf(extents: readonly number[]): number[] {
  return extents.map((_, axis) => axis);
}

/** The product of the extents of each run. */
export function collapsedExtents(extents: readonly number[], runs: readonly Run[]): number[] {
  return runs.map((run) => run.reduce((size, axis) => size * (extents[axis] as number), 1));
}

/** A run is walked with the stride of its innermost axis. */
export function collapsedStrides(strides: readonly number[], runs: readonly Run[]): number[] {
  return runs.map((run) => strides[run.at(-1) as number] as number);
}
