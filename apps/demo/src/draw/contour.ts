/** A line from (x, y) to (x, y), in cells. */
export type Segment = readonly [number, number, number, number];

/**
 * Where values on a square grid cross a level: marching squares. Values stand in the middle of their cells, so value
 * (column, row) is at (column + 1/2, row + 1/2).
 */
export function contour(values: ArrayLike<number>, size: number, level: number): readonly Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const crossings = crossingsOf(values, size, level, column, row);
      // Four crossings: a saddle; the two halves are joined in either way.
      for (let i = 0; i + 1 < crossings.length; i += 2)
        segments.push([...crossings[i]!, ...crossings[i + 1]!]);
    }
  }
  return segments;
}

/** Points on the sides of the square whose corners are four neighbouring values. */
function crossingsOf(
  values: ArrayLike<number>,
  size: number,
  level: number,
  column: number,
  row: number,
): [number, number][] {
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const;
  const at = ([x, y]: readonly [number, number]) => values[(row + y) * size + column + x]! - level;
  const crossings: [number, number][] = [];
  for (const [i, from] of corners.entries()) {
    const to = corners[(i + 1) % 4]!;
    const [a, b] = [at(from), at(to)];
    if (a < 0 === b < 0) continue;
    const share = a / (a - b);
    crossings.push([
      column + 0.5 + from[0] + share * (to[0] - from[0]),
      row + 0.5 + from[1] + share * (to[1] - from[1]),
    ]);
  }
  return crossings;
}
