import {
  ArgumentError,
  contract,
  type Layer,
  reshape,
  ShapeError,
  type Tensor,
  transpose,
  wantCount,
  withDefaults,
} from "@myelin/tensor";
import { type WeightsOptions, weightedLayer, weightsDefaults } from "./weights.js";
import type { WindowShape } from "./window-types.js";
import {
  marginsOf,
  type Padding,
  padImage,
  pairOf,
  type Size,
  type SpatialWindow,
  wantImage,
  wantPadding,
  windowsOf,
} from "./windows.js";

export interface Conv2dOptions<
  Strides extends Size = Size,
  Pad extends Padding = Padding,
  Dilation extends Size = Size,
> extends WeightsOptions {
  /** Steps of the window. Default 1. */
  readonly strides?: Strides | undefined;
  /** Default "valid". */
  readonly padding?: Pad | undefined;
  /** Distance between neighbouring cells of the window. Default 1. */
  readonly dilation?: Dilation | undefined;
  /**
   * Channels and filters are cut into this many groups, and each filter sees the channels of its own group only; must divide
   * both. As many groups as channels is a depthwise convolution. Default 1.
   */
  readonly groups?: number | undefined;
}

/**
 * Two-dimensional convolution, channels last: [rows, height, width, in] -> [rows, height', width', filters] with
 * y[p, q, f] = activation(sum over i, j, c of x[p stride + i dilation, q stride + j dilation, c] kernel[i, j, c, f] + bias[f])
 * (a cross-correlation, as in all libraries). "kernel" has shape [kernel height, kernel width, in / groups, filters], "bias"
 * [filters].
 *
 * Defaults are those of Keras: stride 1, padding "valid", glorotUniform, zero biases. Throws `ShapeError` for features that are
 * not [height, width, channels], smaller than the window, or whose channels `groups` does not divide.
 */
export function conv2d<
  Filters extends number,
  const Kernel extends Size,
  const Strides extends Size = 1,
  const Pad extends Padding = "valid",
  const Dilation extends Size = 1,
>(
  filters: Filters,
  kernelSize: Kernel,
  options: Conv2dOptions<Strides, Pad, Dilation> = {},
): Layer<WindowShape<"conv2d", Kernel, Strides, Pad, Dilation, Filters>> {
  wantCount("conv2d", "filters", filters);
  const { strides, padding, dilation, groups, ...weights } = withDefaults(
    "conv2d",
    options as Conv2dOptions,
    {
      strides: 1,
      padding: "valid",
      dilation: 1,
      groups: 1,
      ...weightsDefaults,
    },
  );
  wantPadding("conv2d", padding);
  const window: SpatialWindow = {
    operation: "conv2d",
    size: pairOf("conv2d", "kernelSize", kernelSize),
    strides: pairOf("conv2d", "strides", strides),
    dilation: pairOf("conv2d", "dilation", dilation),
    padding,
  };
  wantCount("conv2d", "groups", groups);
  if (filters % groups !== 0) {
    throw new ArgumentError(
      "conv2d",
      `filters that ${groups} groups divide`,
      filters,
      "Choose a multiple of groups.",
    );
  }
  return weightedLayer(
    {
      kind: "conv2d",
      arguments: [filters, window.size],
      options: { strides: window.strides, padding, dilation: window.dilation, groups },
      kernelShape: (inputShape) => {
        wantImage(window, inputShape);
        const channels = inputShape[2] as number;
        if (channels % groups !== 0) {
          throw new ShapeError({
            operation: "conv2d",
            expected: `channels that ${groups} groups divide`,
            received: [inputShape],
          });
        }
        return [...window.size, channels / groups, filters];
      },
      multiply: (input, kernel) => {
        const image = padImage(input, marginsOf(window, input.shape.slice(1)), 0);
        if (groups > 1) return groupedConvolution(image, kernel, window, groups);
        const contracted = { leftContracted: [4, 5, 3], rightContracted: [0, 1, 2] };
        return contract(windowsOf(image, window), kernel, contracted);
      },
    },
    weights,
  );
}

/** Groups are a batch axis of the contraction: [rows, height, width, groups, in / groups] with [.., groups, filters / groups]. */
function groupedConvolution(image: Tensor, kernel: Tensor, window: SpatialWindow, groups: number): Tensor {
  const [channels, filters] = [image.shape[3] as number, kernel.shape[3] as number];
  const split = reshape(image, [...image.shape.slice(0, 3), groups, channels / groups]);
  const kernels = reshape(kernel, [...kernel.shape.slice(0, 3), groups, filters / groups]);
  const product = contract(windowsOf(split, window), kernels, {
    leftBatch: [3],
    rightBatch: [3],
    leftContracted: [5, 6, 4],
    rightContracted: [0, 1, 2],
  });
  const [, rows, height, width] = product.shape as readonly [number, number, number, number];
  return reshape(transpose(product, [1, 2, 3, 0, 4]), [rows, height, width, filters]);
}
