import {
  ArgumentError,
  type Layer,
  type Shape,
  ShapeError,
  type ShapeFunction,
  transpose,
  want,
  withDefaults,
} from "@myelin/tensor";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/** Output axis i is input axis `Order[i]`. */
export interface PermuteShape<Order extends Shape> extends ShapeFunction {
  readonly output: this["input"] extends infer Input extends Shape
    ? { readonly [Index in keyof Order]: Input[Order[Index] & number] & number }
    : Shape;
}

/**
 * Reorders the axes of the features, which count from 0 without the rows: `permute([1, 2, 0])` turns [channels, height,
 * width] into [height, width, channels]. Throws `ShapeError` for features of another rank.
 */
export function permute<const Order extends Shape>(
  order: Order,
  options: LayerOptions = {},
): Layer<PermuteShape<Order>> {
  want(Array.isArray(order), "permute", "axes in an array", order);
  if (![...order].sort((a, b) => a - b).every((axis, i) => axis === i)) {
    throw new ArgumentError("permute", `every axis from 0 to ${order.length - 1} once`, order);
  }
  return defineLayer<PermuteShape<Order>>({
    kind: "permute",
    arguments: [order],
    options: withDefaults("permute", options, layerDefaults),
    forward: ({ input }) => {
      const features = input.shape.slice(1);
      if (features.length !== order.length) {
        throw new ShapeError({
          operation: "permute",
          expected: `${order.length} axes of features for the order (${order.join(", ")})`,
          received: [features],
        });
      }
      return transpose(input, [0, ...order.map((axis) => axis + 1)]);
    },
  });
}
