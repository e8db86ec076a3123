import {
  add,
  divide,
  type Filled,
  type Initializer,
  type LayerContext,
  multiply,
  type ParameterSpecs,
  type Shape,
  sqrt,
  type Tensor,
  want,
} from "@myelin/tensor";
import { wantOptions } from "./arguments.js";
import type { LayerOptions, layerDefaults } from "./define-layer.js";
import { ones, zeros } from "./initializers/constant.js";
import { penalizedParameter } from "./regularizers/penalized-parameter.js";
import type { Regularizer } from "./regularizers/regularizer.js";

/** Options of layers that give features mean 0 and variance 1, and then a learned mean ("beta") and scale ("gamma"). */
export interface NormalizationOptions extends LayerOptions {
  /** Added to the variance before its root is taken. Default 0.001, as in Keras (PyTorch has 0.00001). */
  readonly epsilon?: number | undefined;
  /** Adds beta. Default true. */
  readonly center?: boolean | undefined;
  /** Multiplies by gamma. Default true; a dense layer that follows without an activation in between makes it needless. */
  readonly scale?: boolean | undefined;
  /** Default zeros. */
  readonly betaInitializer?: Initializer | undefined;
  /** Default ones. */
  readonly gammaInitializer?: Initializer | undefined;
  /** Default: none. */
  readonly betaRegularizer?: Regularizer | undefined;
  /** Default: none. */
  readonly gammaRegularizer?: Regularizer | undefined;
}

/**
 * `NormalizationOptions` for `withDefaults`, beside `layerDefaults`. (Bundlers keep a constant that spreads another, even where
 * nobody uses it.)
 */
export const normalizationDefaults: {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: Initializer;
  readonly gammaInitializer: Initializer;
  readonly betaRegularizer: undefined;
  readonly gammaRegularizer: undefined;
} = {
  epsilon: 1e-3,
  center: true,
  scale: true,
  betaInitializer: zeros,
  gammaInitializer: ones,
  betaRegularizer: undefined,
  gammaRegularizer: undefined,
};

type Normalization = Filled<NormalizationOptions, typeof normalizationDefaults & typeof layerDefaults>;

export function wantNormalization(operation: string, options: Normalization): void {
  const { epsilon, betaInitializer, gammaInitializer, betaRegularizer, gammaRegularizer } = options;
  want(epsilon > 0 && epsilon < Infinity, operation, "an epsilon above 0", epsilon);
  wantOptions(operation, { betaInitializer, gammaInitializer }, "generate", "zeros");
  wantOptions(operation, { betaRegularizer, gammaRegularizer }, "penalty", "l2(0.01)");
}

/** Gamma and beta of this shape, as far as they are wanted. */
export function affineParameters(shape: Shape, options: Normalization): ParameterSpecs {
  const { center, scale, betaInitializer, gammaInitializer } = options;
  return {
    ...(scale && { gamma: { shape, initializer: gammaInitializer } }),
    ...(center && { beta: { shape, initializer: betaInitializer } }),
  };
}

/** (x - mean) / sqrt(variance + epsilon) gamma + beta, with the mean subtracted already. */
export function normalize(
  context: LayerContext,
  centered: Tensor,
  variance: Tensor,
  { epsilon, center, scale, betaRegularizer, gammaRegularizer }: Normalization,
): Tensor {
  // One division for each variance, none for each element.
  const normalized = multiply(centered, divide(1, sqrt(add(variance, epsilon))));
  const scaled = scale
    ? multiply(normalized, penalizedParameter(context, "gamma", gammaRegularizer))
    : normalized;
  return center ? add(scaled, penalizedParameter(context, "beta", betaRegularizer)) : scaled;
}
