import {
  type Layer,
  mean,
  type SameShape,
  type Shape,
  square,
  subtract,
  want,
  wantShapes,
  withDefaults,
} from "@myelin/tensor";
import { defineLayer, layerDefaults } from "./define-layer.js";
import {
  affineParameters,
  type NormalizationOptions,
  normalizationDefaults,
  normalize,
  wantNormalization,
} from "./normalization.js";

export interface LayerNormalizationOptions extends NormalizationOptions {
  /**
   * Axes of the features, counted from 0 without the rows, that are normalized together and have a gamma and a beta per
   * element: [0, 1, 2] for a whole image. Default: the last one.
   */
  readonly axes?: readonly number[] | undefined;
}

/**
 * Gives the features of every row mean 0 and variance 1 (biased: divided by n), then a learned scale ("gamma") and mean
 * ("beta") per feature. Unlike `batchNormalization` it does not look at other rows: it does the same in training and
 * prediction, with batches of any size.
 *
 * `ArgumentError` unless epsilon is above 0, `ShapeError` for features without these axes.
 * Ba, Kiros and Hinton 2016, "Layer normalization", arXiv:1607.06450.
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer<SameShape> {
  const filled = withDefaults("layerNormalization", options, {
    axes: undefined,
    ...normalizationDefaults,
    ...layerDefaults,
  });
  const { axes } = filled;
  wantNormalization("layerNormalization", filled);
  const isAxis = (axis: unknown, place: number, all: readonly unknown[]) =>
    Number.isInteger(axis) && (axis as number) >= 0 && all.indexOf(axis) === place;
  const areAxes = Array.isArray(axes) && axes.length > 0 && axes.every(isAxis);
  want(
    axes === undefined || areAxes,
    "layerNormalization",
    "axes of the features, counted from 0, each once,",
    axes,
  );
  return defineLayer<SameShape>({
    kind: "layerNormalization",
    options: filled,
    parameters: (inputShape) => {
      const chosen = axesFor(inputShape, axes);
      const shape = inputShape.map((extent, axis) => (chosen.includes(axis) ? extent : 1));
      return affineParameters(shape.slice(Math.min(...chosen)), filled);
    },
    forward: (context) => {
      const { input } = context;
      const chosen = axesFor(input.shape.slice(1), axes).map((axis) => axis + 1);
      const centered = subtract(input, mean(input, chosen, { keepDims: true }));
      const variance = mean(square(centered), chosen, { keepDims: true });
      return normalize(context, centered, variance, filled);
    },
  });
}

function axesFor(inputShape: Shape, axes: readonly number[] | undefined): readonly number[] {
  const chosen = axes ?? [inputShape.length - 1];
  const expected = axes
    ? `features with the axes ${axes.join(", ")}, counted from 0,`
    : "features on a last axis";
  wantShapes(
    chosen.every((axis) => axis in inputShape),
    "layerNormalization",
    expected,
    [inputShape],
  );
  return chosen;
}
