import { expect, test } from "vitest";
import { EXTENT, makePoints } from "./points.js";
import { dataSetNames } from "./settings.js";

test.each(dataSetNames)("%s: both classes in equal shares, within the plane", (data) => {
  const { seen, unseen } = makePoints({ data, noise: 0.05, seed: 3 });
  for (const points of [seen, unseen]) {
    expect(points.coordinates).toHaveLength(2 * points.count);
    expect(points.classes.reduce((sum, each) => sum + each, 0)).toBe(points.count / 2);
    expect(Math.max(...points.coordinates.map(Math.abs))).toBeLessThan(EXTENT);
  }
});

test.each(dataSetNames)("%s: one seed gives one set", (data) => {
  const make = (seed: number) => makePoints({ data, noise: 0.1, seed }).seen.coordinates;
  expect(make(1)).toEqual(make(1));
  expect(make(1)).not.toEqual(make(2));
});

test("xor: the class is that of the quadrant", () => {
  const { seen } = makePoints({ data: "xor", noise: 0, seed: 1 });
  for (let i = 0; i < seen.count; i++) {
    const [x, y] = [seen.coordinates[2 * i]!, seen.coordinates[2 * i + 1]!];
    expect(seen.classes[i]).toBe(x * y > 0 ? 0 : 1);
  }
});
