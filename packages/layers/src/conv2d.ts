import { contract, type Layer } from "@myelin/tensor";
import { wantCount } from "./arguments.js";
import { defineLayer } from "./define-layer.js";
import { applyWeights, resolveWeights, type WeightsOptions, weightSpecs } from "./weights.js";
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
}

/**
 * Two-dimensional convolution, channels last: [rows, height, width, in] -> [rows, height', width', filters] with
 * y[p, q, f] = activation(sum over i, j, c of x[p stride + i dilation, q stride + j dilation, c] kernel[i, j, c, f] + bias[f])
 * (a cross-correlation, as in all libraries). "kernel" has shape [kernel height, kernel width, in, filters], "bias" [filters].
 *
 * Defaults are those of Keras: stride 1, padding "valid", glorotUniform, zero biases. Throws `ShapeError` for features that are
 * not [height, width, channels] or smaller than the window.
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
  const padding = options.padding ?? "valid";
  wantPadding("conv2d", padding);
  const window: SpatialWindow = {
    operation: "conv2d",
    size: pairOf("conv2d", "kernelSize", kernelSize),
    strides: pairOf("conv2d", "strides", options.strides ?? 1),
    dilation: pairOf("conv2d", "dilation", options.dilation ?? 1),
    padding,
  };
  const weights = resolveWeights("conv2d", options);
  return defineLayer({
    kind: "conv2d",
    arguments: [filters, window.size],
    options: { strides: window.strides, padding, dilation: window.dilation, ...weights },
    parameters: (inputShape) => {
      wantImage(window, inputShape);
      return weightSpecs(weights, [...window.size, inputShape[2] as number, filters]);
    },
    forward: (context) =>
      applyWeights(weights, context, (input, kernel) => {
        const image = padImage(input, marginsOf(window, input.shape.slice(1)), 0);
        return contract(windowsOf(image, window), kernel, {
          leftContracted: [4, 5, 3],
          rightContracted: [0, 1, 2],
        });
      }),
  });
}
