import {
  type Layer,
  reshape,
  type Shape,
  ShapeError,
  type ShapeFunction,
  type ShapeMismatch,
  type Show,
  sizeOf,
  want,
  wantCount,
  withDefaults,
} from "@myelin/tensor";
import type { Product } from "./arithmetic-types.js";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/** The features of a row under another shape. */
export interface UnflattenShape<To extends Shape> extends ShapeFunction {
  readonly output: UnflattenOutput<this["input"], To>;
}

type UnflattenOutput<Input, To extends Shape> = Input extends Shape
  ? number extends Product<Input> | Product<To>
    ? To
    : Product<Input> extends Product<To>
      ? To
      : ShapeMismatch<`[unflatten] expected ${Product<To>} features for ${Show<To>}, received ${Show<Input>}`>
  : To;

/** The features of a row, in row-major order, under another shape: `unflatten([28, 28, 1])`. The opposite of `flatten`. */
export function unflatten<const To extends Shape>(
  shape: To,
  options: LayerOptions = {},
): Layer<UnflattenShape<To>> {
  want(Array.isArray(shape), "unflatten", "a shape such as [28, 28, 1]", shape);
  for (const extent of shape) wantCount("unflatten", "every extent of the shape", extent);
  return defineLayer<UnflattenShape<To>>({
    kind: "unflatten",
    arguments: [shape],
    options: withDefaults("unflatten", options, layerDefaults),
    forward: ({ input }) => {
      const [rows, ...features] = input.shape;
      if (sizeOf(features) !== sizeOf(shape)) {
        throw new ShapeError({
          operation: "unflatten",
          expected: `${sizeOf(shape)} features for [${shape.join(", ")}]`,
          received: [features],
        });
      }
      return reshape(input, [rows as number, ...shape]);
    },
  });
}
