import { type Layer, max } from "@myelin/tensor";
import { type PoolOptions, poolingLayer } from "./pooling.js";
import type { WindowShape } from "./window-types.js";
import { type Padding, padImage, type Size, windowsOf } from "./windows.js";

/**
 * The largest value of every window, per channel: [rows, height, width, channels] -> [rows, height', width', channels]. Padding
 * never wins (it is -Infinity); among equal values the first gets the gradient.
 *
 * `size` defaults to 2, strides to the size, padding to "valid" (Keras). Throws `ShapeError` for features that are not [height,
 * width, channels] or smaller than the window.
 */
export function maxPool2d<
  const Window extends Size = 2,
  const Strides extends Size = Window,
  const Pad extends Padding = "valid",
>(
  size: Window = 2 as Window,
  options: PoolOptions<Strides, Pad> = {},
): Layer<WindowShape<"maxPool2d", Window, Strides, Pad, 1, "same">> {
  return poolingLayer("maxPool2d", size, options, (image, window, margins) =>
    max(windowsOf(padImage(image, margins, -Infinity), window), [4, 5]),
  );
}
