import { everyIndex } from "@myelin/tensor";
import type { Position } from "./kernel-emitter.js";

/** `lanes` neighbours along one extent, beginning at these indices. */
export function along(axis: number, start: readonly number[], lanes = 4): Position {
  return Array.from({ length: lanes }, (_, lane) =>
    start.map((index, i) => (i === axis ? index + lane : index)),
  );
}

/** Index 0 everywhere but along one extent. */
export function origin(extents: readonly number[], axis = 0, index = 0): number[] {
  return extents.map((_, other) => (other === axis ? index : 0));
}

/** Neighbours along one extent, as vectors: those with the numbers [first, first + count), the last vector a shorter one. */
export function vectorsAlong(
  extents: readonly number[],
  axis: number,
  first: number,
  count: number,
): Position[] {
  return Array.from({ length: Math.ceil(count / 4) }, (_, vector) =>
    along(axis, origin(extents, axis, first + 4 * vector), Math.min(4, count - 4 * vector)),
  );
}

/** Neighbours in row-major order over all extents, as vectors. */
export function vectorsOf(extents: readonly number[]): Position[] {
  const lanes: number[][] = [];
  everyIndex(extents, (index) => lanes.push([...index]));
  return Array.from({ length: Math.ceil(lanes.length / 4) }, (_, i) => lanes.slice(4 * i, 4 * i + 4));
}
