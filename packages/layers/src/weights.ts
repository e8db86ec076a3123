import type { Activation, Initializer, LayerContext, ParameterSpecs, Shape, Tensor } from "@myelin/tensor";
import { wantActivation, wantInitializer, wantRegularizer } from "./arguments.js";
import { type LayerOptions, ownParameter } from "./define-layer.js";
import { zeros } from "./initializers/constant.js";
import { glorotUniform } from "./initializers/glorot.js";
import { penalize } from "./regularizers/penalize.js";
import type { Regularizer } from "./regularizers/regularizer.js";

/** Options of layers that multiply by a kernel, add a bias and apply an activation (dense, conv2d). */
export interface WeightsOptions extends LayerOptions {
  /** Applied to the result. Default: none (the identity). */
  readonly activation?: Activation | undefined;
  /** Adds one learned number per unit. Default true. */
  readonly useBias?: boolean | undefined;
  /** Default glorotUniform. */
  readonly kernelInitializer?: Initializer | undefined;
  /** Default zeros. */
  readonly biasInitializer?: Initializer | undefined;
  /** A penalty on the kernel that training adds to the loss. Default: none. */
  readonly kernelRegularizer?: Regularizer | undefined;
  /** A penalty on the biases. Default: none. */
  readonly biasRegularizer?: Regularizer | undefined;
}

/** Every option by name, defaults filled in. */
export type Weights = Required<Pick<WeightsOptions, keyof WeightsOptions>> & {
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
};

export function resolveWeights(kind: string, options: WeightsOptions): Weights {
  wantActivation(kind, options.activation);
  wantInitializer(kind, "kernelInitializer", options.kernelInitializer);
  wantInitializer(kind, "biasInitializer", options.biasInitializer);
  wantRegularizer(kind, "kernelRegularizer", options.kernelRegularizer);
  wantRegularizer(kind, "biasRegularizer", options.biasRegularizer);
  return {
    activation: options.activation,
    useBias: options.useBias ?? true,
    kernelInitializer: options.kernelInitializer ?? glorotUniform,
    biasInitializer: options.biasInitializer ?? zeros,
    kernelRegularizer: options.kernelRegularizer,
    biasRegularizer: options.biasRegularizer,
    name: options.name,
    trainable: options.trainable,
  };
}

/** "kernel", whose last axis counts the units, and "bias". */
export function weightSpecs(weights: Weights, kernelShape: Shape): ParameterSpecs {
  const kernel = { shape: kernelShape, initializer: weights.kernelInitializer };
  const bias = { shape: kernelShape.slice(-1), initializer: weights.biasInitializer };
  return weights.useBias ? { kernel, bias } : { kernel };
}

/** activation(input x kernel + bias); the penalties go to the context. */
export function applyWeights(
  weights: Weights,
  context: LayerContext,
  multiply: (input: Tensor, kernel: Tensor) => Tensor,
): Tensor {
  const kernel = ownParameter(context, "kernel");
  penalize(context, weights, weights.kernelRegularizer, kernel);
  let z = multiply(context.input, kernel);
  if (weights.useBias) {
    const bias = ownParameter(context, "bias");
    penalize(context, weights, weights.biasRegularizer, bias);
    z = z.add(bias);
  }
  return weights.activation?.forward(z) ?? z;
}
