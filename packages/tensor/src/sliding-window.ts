import { depthwise } from "./depthwise.js";
import { make } from "./make.js";
import type { Window } from "./ops.js";
import type { Tensor } from "./tensor.js";
import { want, wantTensor } from "./want.js";
import { windowGradient } from "./window-gradient.js";
import { windowedShape } from "./windowed-shape.js";

/**
 * A sliding window over some axes: [.., n, ..] -> [.., positions, .., size]. A view: nothing is copied. It brings along what
 * a compiler needs to be fast with windows, so that programs without them do not load it.
 */
export function slidingWindow(x: Tensor, windows: readonly Window[]): Tensor {
  wantTensor("slidingWindow", x);
  want(Array.isArray(windows), "slidingWindow", "windows { axis, size, .. } in an array", windows);
  const own = windows.map((window) => ({ ...window }));
  const shape = windowedShape(x.shape, own);
  const rewrites = { contract: depthwise, unwindow: windowGradient };
  return make("window", [x], { windows: own, shape, rewrites }, "slidingWindow");
}
