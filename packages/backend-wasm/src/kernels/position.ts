import { everyIndex } from "@myelin/tensor";
import type { Position } from "./kernel-emitter.js";

/** The numbers below this one. */
export function count(length: number): number[] {
  return [...new Array(length).keys()];
}

/** Neighbours along one extent, beginning at index `first`. */
export function along(extents: readonly number[], axis: number, first: number, lanes: number): number[][] {
  return count(lanes).map((lane) => origin(extents, axis, first + lane));
}

/** Index 0 everywhere but along one extent. */
export function origin(extents: readonly number[], axis = 0, index = 0): number[] {
  return extents.map((_, other) => (other === axis ? index : 0));
}

/** Neighbours along one extent, as vectors: those with the numbers [first, first + all), the last vector a shorter one. */
export function vectorsAlong(
  extents: readonly number[],
  axis: number,
  first: number,
  all: number,
): Position[] {
  return inVectors(along(extents, axis, first, all));
}

/** Neighbours in row-major order over all extents, as vectors. */
export function vectorsOf(extents: readonly number[]): Position[] {
  const lanes: number[][] = [];
  everyIndex(extents, (index) => lanes.push([...index]));
  return inVectors(lanes);
}

function inVectors(lanes: Position): Position[] {
  return count(Math.ceil(lanes.length / 4)).map((vector) => lanes.slice(4 * vector, 4 * vector + 4));
}
