import { divide, type Layer, multiply, sum, type Tensor, tensor } from "@myelin/tensor";
import { type PoolOptions, poolingLayer } from "./pooling.js";
import type { WindowShape } from "./window-types.js";
import { type Margin, type Padding, padImage, type Size, type SpatialWindow, windowsOf } from "./windows.js";

/**
 * The mean of every window, per channel: [rows, height, width, channels] -> [rows, height', width', channels]. Only real cells
 * count, padding does not (Keras; PyTorch with count_include_pad=False).
 *
 * `size` defaults to 2, strides to the size, padding to "valid" (Keras). Throws `ShapeError` for features that are not [height,
 * width, channels] or smaller than the window.
 */
export function averagePool2d<
  const Window extends Size = 2,
  const Strides extends Size = Window,
  const Pad extends Padding = "valid",
>(
  size: Window = 2 as Window,
  options: PoolOptions<Strides, Pad> = {},
): Layer<WindowShape<"averagePool2d", Window, Strides, Pad, 1, "same">> {
  return poolingLayer("averagePool2d", size, options, (image, window, margins) => {
    const total = sum(windowsOf(padImage(image, margins, 0), window), [4, 5]);
    return overCells(total, image, window, margins);
  });
}

/** Divides by the number of real cells under each window. */
function overCells(
  total: Tensor,
  image: Tensor,
  { size, strides }: SpatialWindow,
  margins: readonly [Margin, Margin],
): Tensor {
  const cells = ([0, 1] as const).map((axis) => {
    const extent = image.shape[axis + 1] as number;
    const positions = total.shape[axis + 1] as number;
    return Array.from({ length: positions }, (_, position) => {
      const start = position * strides[axis] - margins[axis].low;
      return Math.min(extent, start + size[axis]) - Math.max(0, start);
    });
  });
  const [vertical, horizontal] = cells as [number[], number[]];
  const whole = size[0] * size[1];
  if (vertical.every((n) => n === size[0]) && horizontal.every((n) => n === size[1])) {
    return multiply(total, 1 / whole);
  }
  const counts = vertical.flatMap((rows) => horizontal.map((columns) => rows * columns));
  return divide(total, tensor(counts, [vertical.length, horizontal.length, 1]));
}
