import type { Window } from "./ops.js";
import type { Shape } from "./shape.js";
import { wantCount, wantShapes } from "./want.js";

/** Each windowed axis counts positions; the cells inside of a window are appended. Throws where a window does not fit. */
export function windowedShape(x: Shape, windows: readonly Window[]): Shape {
  const shape = [...x];
  for (const { axis, size, stride, dilation } of windows) {
    for (const [what, count] of Object.entries({ size, stride, dilation }))
      wantCount("slidingWindow", what, count);
    const cells = dilation * (size - 1) + 1;
    const positions = Math.floor(((shape[axis] as number) - cells) / stride) + 1;
    wantShapes(positions >= 1, "slidingWindow", `at least ${cells} cells on axis ${axis}`, [x]);
    shape[axis] = positions;
  }
  return [...shape, ...windows.map(({ size }) => size)];
}
