import {
  ArgumentError,
  type Initializer,
  type Layer,
  lessOrEqual,
  multiply,
  type SameShape,
  type Shape,
  ShapeError,
  select,
  withDefaults,
  withUnits,
} from "@myelin/tensor";
import { wantOptions } from "./arguments.js";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";
import { constant } from "./initializers/constant.js";
import { penalizedParameter } from "./regularizers/penalized-parameter.js";
import type { Regularizer } from "./regularizers/regularizer.js";

export interface PreluOptions extends LayerOptions {
  /** Default constant(0.25), as in the paper and in PyTorch (Keras starts at 0, which is relu). */
  readonly alphaInitializer?: Initializer | undefined;
  /** Default: none; the paper advises against shrinking alpha, which would bias the layer towards relu. */
  readonly alphaRegularizer?: Regularizer | undefined;
  /**
   * Axes of the features, counted from 0 without the rows, along which one alpha serves all: [0, 1] for one alpha per
   * channel of an image. Default: none, so one alpha per feature as in Keras (whose axes count from 1).
   */
  readonly sharedAxes?: readonly number[] | undefined;
}

/**
 * Parametric relu: x above 0, alpha x at and below 0, with a learned slope ("alpha"). At 0 the derivative is alpha.
 * He et al. 2015, "Delving deep into rectifiers", arXiv:1502.01852.
 */
export function prelu(options: PreluOptions = {}): Layer<SameShape> {
  const filled = withDefaults("prelu", options, {
    alphaInitializer: constant(0.25),
    alphaRegularizer: undefined,
    sharedAxes: [],
    ...layerDefaults,
  });
  const { alphaInitializer, alphaRegularizer, sharedAxes } = filled;
  wantOptions("prelu", { alphaInitializer }, "generate", "zeros");
  wantOptions("prelu", { alphaRegularizer }, "penalty", "l2(0.01)");
  if (!Array.isArray(sharedAxes) || !sharedAxes.every((axis) => Number.isInteger(axis) && axis >= 0)) {
    throw new ArgumentError("prelu", "axes of the features, counted from 0, as sharedAxes", sharedAxes);
  }
  return defineLayer<SameShape>({
    kind: "prelu",
    options: filled,
    parameters: (inputShape) => ({
      alpha: { shape: sharedShape(inputShape, sharedAxes), initializer: alphaInitializer },
    }),
    forward: (context) => {
      const alpha = penalizedParameter(context, "alpha", alphaRegularizer);
      return select(lessOrEqual(context.input, 0), multiply(context.input, alpha), context.input);
    },
  });
}

function sharedShape(inputShape: Shape, sharedAxes: readonly number[]): Shape {
  if (sharedAxes.some((axis) => axis >= inputShape.length)) {
    throw new ShapeError({
      operation: "prelu",
      expected: `features with the shared axes ${sharedAxes.join(", ")}`,
      received: [inputShape],
      hint: "Axes count from 0, without the rows.",
    });
  }
  return withUnits(inputShape, sharedAxes);
}
