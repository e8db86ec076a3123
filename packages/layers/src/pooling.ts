import { type Layer, type Shape, type Tensor, withDefaults } from "@myelin/tensor";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";
import type { WindowShape } from "./window-types.js";
import {
  type Margin,
  marginsOf,
  type Padding,
  pairOf,
  type Size,
  type SpatialWindow,
  wantImage,
  wantPadding,
} from "./windows.js";

export interface PoolOptions<Strides extends Size = Size, Pad extends Padding = Padding>
  extends LayerOptions {
  /** Steps of the window. Default: its size, so that windows do not overlap. */
  readonly strides?: Strides | undefined;
  /** Default "valid": cells at the end that do not fill a window are left out. */
  readonly padding?: Pad | undefined;
}

/** What both poolings share: everything but what becomes of a window. */
export function poolingLayer<
  Operation extends string,
  Window extends Size,
  Strides extends Size,
  Pad extends Padding,
>(
  operation: Operation,
  size: Window,
  options: PoolOptions<Strides, Pad>,
  reduce: (image: Tensor, window: SpatialWindow, margins: readonly [Margin, Margin]) => Tensor,
): Layer<WindowShape<Operation, Window, Strides, Pad, 1, "same">> {
  const filled = withDefaults(operation, options as PoolOptions, {
    strides: size as Size,
    padding: "valid",
    ...layerDefaults,
  });
  const { padding } = filled;
  wantPadding(operation, padding);
  const pair = pairOf(operation, "size", size);
  const strides = pairOf(operation, "strides", filled.strides);
  const window: SpatialWindow = { operation, size: pair, strides, dilation: [1, 1], padding };
  return defineLayer({
    kind: operation,
    arguments: [pair],
    options: { ...filled, strides },
    forward: ({ input }) => {
      const features: Shape = input.shape.slice(1);
      wantImage(window, features);
      return reduce(input, window, marginsOf(window, features));
    },
  });
}
