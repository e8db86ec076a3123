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
