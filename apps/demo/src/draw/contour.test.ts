import { expect, test } from "vitest";
import { contour } from "./contour.js";

function grid(size: number, value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) =>
    value((i % size) + 0.5, Math.floor(i / size) + 0.5),
  );
}

test("a plane is cut along a straight line, exactly", () => {
  const segments = contour(
    grid(8, (x, y) => x + y),
    8,
    7.25,
  );
  expect(segments.length).toBeGreaterThan(8);
  for (const [x0, y0, x1, y1] of segments) {
    expect(x0 + y0).toBeCloseTo(7.25, 5);
    expect(x1 + y1).toBeCloseTo(7.25, 5);
  }
});

test("a hill is cut along a closed line: each end is an end of two segments", () => {
  const segments = contour(
    grid(20, (x, y) => (x - 10) ** 2 + (y - 10) ** 2),
    20,
    36,
  );
  const ends = new Map<string, number>();
  for (const [x0, y0, x1, y1] of segments)
    for (const end of [`${x0.toFixed(3)} ${y0.toFixed(3)}`, `${x1.toFixed(3)} ${y1.toFixed(3)}`])
      ends.set(end, (ends.get(end) ?? 0) + 1);
  expect(new Set(ends.values())).toEqual(new Set([2]));
  for (const [x, y] of segments) expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(6, 1);
});

test("a saddle has two segments", () => {
  expect(contour([0, 1, 1, 0], 2, 0.5)).toHaveLength(2);
});

test("nothing is cut where all values are on one side", () => {
  expect(
    contour(
      grid(5, () => 1),
      5,
      0.5,
    ),
  ).toEqual([]);
});
