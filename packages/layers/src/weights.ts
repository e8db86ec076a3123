import type { Activation, Filled, Initializer, Layer, Shape, ShapeFunction, Tensor } from "@myelin/tensor";
import { wantOptions } from "./arguments.js";
import { defineLayer, type LayerDefinition, type LayerOptions, layerDefaults } from "./define-layer.js";
import { zeros } from "./initializers/constant.js";
import { glorotUniform } from "./initializers/glorot.js";
import { penalizedParameter } from "./regularizers/penalized-parameter.js";
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

/** `WeightsOptions` for `withDefaults`. */
export const weightsDefaults: typeof layerDefaults & {
  readonly activation: undefined;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: undefined;
  readonly biasRegularizer: undefined;
} = {
  activation: undefined,
  useBias: true,
  kernelInitializer: glorotUniform,
  biasInitializer: zeros,
  kernelRegularizer: undefined,
  biasRegularizer: undefined,
  ...layerDefaults,
};

interface Definition extends Omit<LayerDefinition, "parameters" | "forward"> {
  /** The last axis counts the units, of which each has a bias. */
  kernelShape(inputShape: Shape): Shape;
  multiply(input: Tensor, kernel: Tensor): Tensor;
}

/** activation(input x kernel + bias), with the parameters "kernel" and "bias". */
export function weightedLayer<F extends ShapeFunction>(
  { kind, arguments: positional = [], options, kernelShape, multiply }: Definition,
  weights: Filled<WeightsOptions, typeof weightsDefaults>,
): Layer<F> {
  const { activation, useBias, kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer } =
    weights;
  wantOptions(kind, { activation }, "forward", "relu");
  wantOptions(kind, { kernelInitializer, biasInitializer }, "generate", "zeros");
  wantOptions(kind, { kernelRegularizer, biasRegularizer }, "penalty", "l2(0.01)");
  return defineLayer<F>({
    kind,
    arguments: positional,
    options: { ...options, ...weights },
    parameters: (inputShape) => {
      const shape = kernelShape(inputShape);
      const kernel = { shape, initializer: kernelInitializer };
      const bias = { shape: shape.slice(-1), initializer: biasInitializer };
      return useBias ? { kernel, bias } : { kernel };
    },
    forward: (context) => {
      const product = multiply(context.input, penalizedParameter(context, "kernel", kernelRegularizer));
      const z = useBias ? product.add(penalizedParameter(context, "bias", biasRegularizer)) : product;
      return activation ? activation.forward(z) : z;
    },
  });
}
