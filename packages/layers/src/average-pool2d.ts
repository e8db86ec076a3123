import {
  add,
  cast,
  divide,
  iota,
  type Layer,
  maximum,
  minimum,
  multiply,
  reshape,
  subtract,
  sum,
  type Tensor,
} from "@myelin/tensor";
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
    if (window.padding === "valid") return multiply(total, 1 / (window.size[0] * window.size[1]));
    return divide(
      total,
      multiply(realCells(image, total, window, margins, 0), realCells(image, total, window, margins, 1)),
    );
  });
}

/** How many cells of the image lie under each window along one spatial axis; shape [positions, 1, 1] or [positions, 1]. */
function realCells(
  image: Tensor,
  windows: Tensor,
  { size, strides }: SpatialWindow,
  margins: readonly [Margin, Margin],
  axis: 0 | 1,
): Tensor {
  const extent = image.shape[axis + 1] as number;
  const positions = windows.shape[axis + 1] as number;
  const start = subtract(multiply(iota([positions]), strides[axis]), margins[axis].low);
  const cells = subtract(minimum(add(start, size[axis]), extent), maximum(start, 0));
  return reshape(cast(cells, "f32"), axis === 0 ? [positions, 1, 1] : [positions, 1]);
}
