import type { Position } from "./kernel-emitter.js";

/** `lanes` neighbours along one extent, beginning at these indices. */
export function along(axis: number, start: readonly number[], lanes = 4): Position {
  return Array.from({ length: lanes }, (_, lane) =>
    start.map((index, i) => (i === axis ? index + lane : index)),
  );
}

/** The same indices, moved along one extent. */
export function moved(position: Position, axis: number, by: number): Position {
  return position.map((lane) => lane.map((index, i) => (i === axis ? index + by : index)));
}

/** Index 0 everywhere but along one extent. */
export function origin(extents: readonly number[], axis = 0, index = 0): number[] {
  return extents.map((_, other) => (other === axis ? index : 0));
}

/** `lanes` neighbours in row-major order over all extents, the first of which has the number `start`. */
export function flat(extents: readonly number[], start: number, lanes: number): Position {
  return Array.from({ length: lanes }, (_, lane) => {
    let rest = start + lane;
    const indices = origin(extents);
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      const extent = extents[axis] as number;
      indices[axis] = rest % extent;
      rest = Math.floor(rest / extent);
    }
    return indices;
  });
}
