import {
  type Fits,
  input,
  type Layer,
  mapParameterSpecs,
  parameter,
  type Shape,
  type ShapeOf,
  wantShapes,
  wantTensor,
} from "@myelin/tensor";
import { wantLayer } from "./arguments.js";
import type { Step } from "./chain-types.js";

/**
 * The shape of features that a layer makes of `inputShape` (both without the axis of rows), found by writing its forward
 * pass down; nothing is computed. Throws what the layer throws, and `ShapeError` when the rows do not come out again.
 */
export function outputShape<const S extends Shape, L extends Layer>(
  layer: L & Fits<Step<S, L>>,
  inputShape: S,
): ShapeOf<Step<S, L>>;
export function outputShape(layer: Layer, inputShape: Shape): Shape {
  wantLayer("outputShape", layer);
  /** Any number above 1: a layer that confuses rows with features gives itself away. */
  const ROWS = 2;
  const result = layer.forward({
    input: input("input", [ROWS, ...inputShape]),
    parameters: mapParameterSpecs(layer.parameters(inputShape), ({ shape }, path) => parameter(path, shape)),
    training: false,
    random: (shape) => input("random", shape),
    update: () => {},
    addPenalty: () => {},
  });
  wantTensor(`${layer.config.kind}.forward`, result);
  const keepsRows = result.shape[0] === ROWS;
  wantShapes(keepsRows, layer.config.kind, "2 rows on the first axis", [result.shape]);
  return result.shape.slice(1);
}
