import { extentsOf, sizeOf } from "@myelin/tensor";

/** Axes that one loop walks, outermost first; without any it is a loop of one position. */
export type Run = readonly number[];

/**
 * Joins axes that stand next to each other where every walk takes them as one: a step of the outer axis is a whole walk of
 * the inner one.
 */
export function mergeRuns(
  axes: readonly number[],
  extents: readonly number[],
  walks: readonly (readonly number[])[],
): Run[] {
  const runs: number[][] = [];
  for (const axis of axes) {
    const run = runs.at(-1);
    const outer = run?.at(-1) as number;
    const extent = extents[axis] as number;
    if (run && walks.every((strides) => strides[outer] === (strides[axis] as number) * extent))
      run.push(axis);
    else runs.push([axis]);
  }
  return runs;
}

/** The product of the extents of each run. */
export function collapsedExtents(extents: readonly number[], runs: readonly Run[]): number[] {
  return runs.map((run) => sizeOf(extentsOf(extents, run)));
}

/** A run is walked with the stride of its innermost axis. */
export function collapsedStrides(strides: readonly number[], runs: readonly Run[]): number[] {
  return runs.map((run) => strides[run.at(-1) as number] ?? 0);
}
