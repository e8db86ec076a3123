import {
  type Layer,
  matmul,
  type Shape,
  type ShapeFunction,
  type ShapeMismatch,
  type Show,
  wantCount,
  wantShapes,
  withDefaults,
} from "@myelin/tensor";
import { type WeightsOptions, weightedLayer, weightsDefaults } from "./weights.js";

/** The last axis becomes `Units`. */
export interface DenseShape<Units extends number> extends ShapeFunction {
  readonly output: DenseOutput<this["input"], Units>;
}

type DenseOutput<Input, Units extends number> = Input extends Shape
  ? number extends Input["length"]
    ? Shape
    : Input extends readonly [...infer Leading extends Shape, number]
      ? readonly [...Leading, Units]
      : ShapeMismatch<`[dense] expected features on a last axis, received ${Show<Input>}`>
  : Shape;

/**
 * Fully connected: y = activation(x W + b), with x [rows, .., features], W [features, units] ("kernel") and b [units]
 * ("bias"). Axes before the features are kept: every position goes through the same weights.
 *
 * Defaults are those of Keras: glorotUniform weights, zero biases, no activation. Throws `ShapeError` for input without an
 * axis of features, `ArgumentError` unless `units` is a whole number of at least 1.
 */
export function dense<Units extends number>(
  units: Units,
  options: WeightsOptions = {},
): Layer<DenseShape<Units>> {
  wantCount("dense", "units", units);
  return weightedLayer<DenseShape<Units>>(
    {
      kind: "dense",
      arguments: [units],
      kernelShape(inputShape) {
        const hint = "Give single numbers the shape [1].";
        const features = inputShape.at(-1);
        wantShapes(features !== undefined, "dense", "features on a last axis", [inputShape], hint);
        return [features, units];
      },
      multiply: (input, kernel) => matmul(input, kernel),
    },
    withDefaults("dense", options, weightsDefaults),
  );
}
