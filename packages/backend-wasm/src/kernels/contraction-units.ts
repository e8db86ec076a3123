import type { BodyEmitter } from "./kernel-emitter.js";

export interface Axis {
  readonly axis: number;
  readonly extent: number;
}

/** An axis in pieces of `size` indices, the last of which may be smaller. */
export interface Cut extends Axis {
  readonly size: number;
}

export function piecesOf(cuts: readonly Cut[]): number {
  return cuts.reduce((pieces, { extent, size }) => pieces * Math.ceil(extent / size), 1);
}

/** The largest divisor of a number that is not above `most`. */
export function divisor(number: number, most: number): number {
  let result = Math.max(1, most);
  while (number % result !== 0) result--;
  return result;
}

/**
 * Cuts axes from the first one on, until there are about so many pieces. Pieces are equal, but for the last axis if that has
 * few divisors: it stays in whole tiles.
 */
export function cutRows(axes: readonly Axis[], pieces: number): Cut[] {
  /** Rows of most tiles divide this. */
  const TILE_STEP = 4;
  let wanted = pieces;
  return axes.map((axis, i) => {
    const step = i < axes.length - 1 ? 1 : TILE_STEP;
    const steps = Math.ceil(axis.extent / step);
    const most = Math.ceil(steps / Math.ceil(wanted));
    const even = divisor(steps, most);
    const size = step * (step === 1 || even * 2 >= most ? even : most);
    const cut = { ...axis, size: Math.min(size, axis.extent) };
    wanted /= piecesOf([cut]);
    return cut;
  });
}

/** Loops over the pieces of all cuts. `inside` is told how many indices of each it gets, and written for smaller last pieces again. */
export function inPieces(
  body: BodyEmitter,
  [cut, ...others]: readonly Cut[],
  inside: (counts: readonly number[]) => void,
): void {
  if (!cut) {
    inside([]);
    return;
  }
  const { axis, extent, size } = cut;
  const inPiece = (count: number): void => inPieces(body, others, (counts) => inside([count, ...counts]));
  if (size >= extent) {
    inPiece(extent);
    return;
  }
  const rest = extent % size;
  body.loop(axis, { to: extent - rest, step: size }, () => inPiece(size));
  if (rest > 0) body.loop(axis, { from: extent - rest, to: extent, step: rest }, () => inPiece(rest));
}
