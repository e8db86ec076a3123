import {
  add,
  type Layer,
  mean,
  multiply,
  type SameShape,
  type Shape,
  square,
  subtract,
  type Tensor,
  want,
  wantShapes,
  withDefaults,
} from "@myelin/tensor";
import { defineLayer, layerDefaults, ownParameter } from "./define-layer.js";
import { ones, zeros } from "./initializers/constant.js";
import {
  affineParameters,
  type NormalizationOptions,
  normalizationDefaults,
  normalize,
  wantNormalization,
} from "./normalization.js";

export interface BatchNormalizationOptions extends NormalizationOptions {
  /**
   * How much of the moving mean and variance every step keeps: new = momentum old + (1 - momentum) batch. Default 0.99, as
   * in Keras; PyTorch counts the other way round and has 0.1, here 0.9. Small data sets with few steps want less than 0.99,
   * because predictions use the moving values.
   */
  readonly momentum?: number | undefined;
}

/**
 * Gives every feature (every channel of an image) mean 0 and variance 1 over the rows of a batch, then a learned scale
 * ("gamma") and mean ("beta"). It keeps signals and gradients of deep networks in a range in which they neither vanish nor
 * saturate; put it between a dense or conv2d without bias and its activation.
 *
 * Training uses the mean and the variance (biased: divided by n) of the batch, so a batch needs several rows that differ;
 * everything else uses moving ones ("movingMean", "movingVariance"), which training keeps up to date. With
 * `trainable: false` training uses the moving ones, too, and leaves them as they are, as in Keras.
 *
 * Features are the last axis: [features], [height, width, channels]. `ArgumentError` unless momentum is in [0, 1) and epsilon above 0.
 * Ioffe and Szegedy 2015, "Batch normalization", arXiv:1502.03167.
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer<SameShape> {
  const filled = withDefaults("batchNormalization", options, {
    momentum: 0.99,
    ...normalizationDefaults,
    ...layerDefaults,
  });
  const { momentum } = filled;
  wantNormalization("batchNormalization", filled);
  const isShare = momentum >= 0 && momentum < 1;
  want(isShare, "batchNormalization", "a momentum of at least 0 and below 1", momentum);
  return defineLayer<SameShape>({
    kind: "batchNormalization",
    options: filled,
    parameters: (inputShape) => {
      const shape = featuresOf(inputShape);
      return {
        ...affineParameters(shape, filled),
        movingMean: { shape, initializer: zeros, trainable: false },
        movingVariance: { shape, initializer: ones, trainable: false },
      };
    },
    forward: (context) => {
      const { input, training, frozen } = context;
      const movingMean = ownParameter(context, "movingMean");
      const movingVariance = ownParameter(context, "movingVariance");
      if (!training || frozen) return normalize(context, subtract(input, movingMean), movingVariance, filled);
      const axes = input.shape.slice(1).map((_, axis) => axis);
      const batchMean = mean(input, axes);
      const centered = subtract(input, batchMean);
      const batchVariance = mean(square(centered), axes);
      const keep = (name: string, old: Tensor, batch: Tensor) =>
        context.update(name, add(multiply(old, momentum), multiply(batch, 1 - momentum)));
      keep("movingMean", movingMean, batchMean);
      keep("movingVariance", movingVariance, batchVariance);
      return normalize(context, centered, batchVariance, filled);
    },
  });
}

function featuresOf(inputShape: Shape): Shape {
  const hint = "Give single numbers the shape [1].";
  wantShapes(inputShape.length > 0, "batchNormalization", "features on a last axis", [inputShape], hint);
  return inputShape.slice(-1);
}
