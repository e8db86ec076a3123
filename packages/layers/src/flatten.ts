import { type Layer, reshape, type Shape, type ShapeFunction, sizeOf, withDefaults } from "@myelin/tensor";
import type { Product } from "./arithmetic-types.js";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/** All features in one axis. */
export interface FlattenShape extends ShapeFunction {
  readonly output: this["input"] extends infer Input extends Shape ? readonly [Product<Input>] : Shape;
}

/**
 * All features of a row in one axis, in row-major order: [rows, 28, 28] -> [rows, 784]. Images are channels last, so the
 * channels of a pixel stay neighbours (weights from channels-first libraries must be permuted).
 */
export function flatten(options: LayerOptions = {}): Layer<FlattenShape> {
  return defineLayer<FlattenShape>({
    kind: "flatten",
    options: withDefaults("flatten", options, layerDefaults),
    forward: ({ input }) => reshape(input, [input.shape[0] as number, sizeOf(input.shape.slice(1))]),
  });
}
