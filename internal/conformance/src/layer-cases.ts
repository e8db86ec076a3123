import { leakyRelu, softmax, tanh } from "@myelin/activations";
import {
  activation,
  averagePool2d,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  initializers,
  type LayerOptions,
  layerNormalization,
  maxPool2d,
  permute,
  prelu,
  regularizers,
  rescaling,
  sequential,
  unflatten,
} from "@myelin/layers";
import type { Layer, Shape } from "@myelin/tensor";

/** One way to use a layer. The suite proves everything else about it. */
export interface LayerCase {
  readonly what: string;
  make(options: LayerOptions): Layer;
  /** Features, without rows. */
  readonly input: Shape;
  readonly output: Shape;
  /** Shapes of the parameters by path. Default: none. */
  readonly parameters?: Readonly<Record<string, Shape>>;
  /** Whether training draws random numbers, and changes what comes out. Default: false. */
  readonly random?: boolean;
  /**
   * Parameters that no gradient reaches and that training updates, by path, such as running means; what comes out while
   * training may then differ, and depend on all rows. Default: none.
   */
  readonly state?: readonly string[];
  /** How many penalties training adds to the loss. Default: 0. */
  readonly penalties?: number;
}

/** Cases for every layer that the package exports; the suite fails for a layer without any. */
export const layerCases: Readonly<Record<string, readonly LayerCase[]>> = {
  activation: [
    { what: "element-wise", make: (options) => activation(tanh, options), input: [3], output: [3] },
    {
      what: "with options",
      make: (o) => activation(leakyRelu({ slope: 0.3 }), o),
      input: [2, 3],
      output: [2, 3],
    },
    { what: "over a whole row", make: (options) => activation(softmax, options), input: [4], output: [4] },
  ],
  averagePool2d: [
    { what: "defaults", make: (options) => averagePool2d(2, options), input: [4, 6, 2], output: [2, 3, 2] },
    {
      what: "padded, overlapping",
      make: (options) => averagePool2d([3, 2], { strides: [2, 1], padding: "same", ...options }),
      input: [4, 5, 2],
      output: [2, 5, 2],
    },
  ],
  batchNormalization: [
    {
      what: "defaults",
      make: batchNormalization,
      input: [3],
      output: [3],
      parameters: { gamma: [3], beta: [3], movingMean: [3], movingVariance: [3] },
      state: ["movingMean", "movingVariance"],
    },
    {
      what: "channels of an image, all options",
      make: (options) =>
        batchNormalization({
          momentum: 0.8,
          epsilon: 0.1,
          betaInitializer: initializers.constant(0.1),
          gammaInitializer: initializers.uniform(),
          betaRegularizer: regularizers.l2(0.5),
          gammaRegularizer: regularizers.l1(0.5),
          ...options,
        }),
      input: [2, 3, 2],
      output: [2, 3, 2],
      parameters: { gamma: [2], beta: [2], movingMean: [2], movingVariance: [2] },
      state: ["movingMean", "movingVariance"],
      penalties: 2,
    },
    {
      what: "nothing learned",
      make: (options) => batchNormalization({ center: false, scale: false, ...options }),
      input: [4],
      output: [4],
      parameters: { movingMean: [4], movingVariance: [4] },
      state: ["movingMean", "movingVariance"],
    },
  ],
  conv2d: [
    {
      what: "groups",
      make: (options) => conv2d(6, 2, { groups: 2, ...options }),
      input: [4, 3, 4],
      output: [3, 2, 6],
      parameters: { kernel: [2, 2, 2, 6], bias: [6] },
    },
    {
      what: "defaults",
      make: (options) => conv2d(3, 2, options),
      input: [4, 3, 2],
      output: [3, 2, 3],
      parameters: { kernel: [2, 2, 2, 3], bias: [3] },
    },
    {
      what: "all options",
      make: (options) =>
        conv2d(2, [3, 2], {
          strides: [2, 1],
          padding: "same",
          dilation: [1, 2],
          activation: tanh,
          useBias: false,
          kernelInitializer: initializers.heNormal,
          kernelRegularizer: regularizers.l1(0.3),
          ...options,
        }),
      input: [5, 4, 2],
      output: [3, 4, 2],
      parameters: { kernel: [3, 2, 2, 2] },
      penalties: 1,
    },
  ],
  dense: [
    {
      what: "defaults",
      make: (options) => dense(3, options),
      input: [4],
      output: [3],
      parameters: { kernel: [4, 3], bias: [3] },
    },
    {
      what: "all options",
      make: (options) =>
        dense(2, {
          activation: softmax,
          kernelInitializer: initializers.truncatedNormal({ standardDeviation: 0.5 }),
          biasInitializer: initializers.constant(0.1),
          kernelRegularizer: regularizers.l2(0.5),
          biasRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
          ...options,
        }),
      input: [3],
      output: [2],
      parameters: { kernel: [3, 2], bias: [2] },
      penalties: 2,
    },
    {
      what: "over positions, without bias",
      make: (options) => dense(2, { useBias: false, ...options }),
      input: [2, 3],
      output: [2, 2],
      parameters: { kernel: [3, 2] },
    },
  ],
  dropout: [
    { what: "half", make: (options) => dropout(0.5, options), input: [6], output: [6], random: true },
  ],
  flatten: [{ what: "an image", make: flatten, input: [2, 3, 2], output: [12] }],
  layerNormalization: [
    {
      what: "defaults",
      make: layerNormalization,
      input: [2, 4],
      output: [2, 4],
      parameters: { gamma: [4], beta: [4] },
    },
    {
      what: "all axes, all options",
      make: (options) =>
        layerNormalization({
          axes: [1, 0, 2],
          epsilon: 0.1,
          betaInitializer: initializers.constant(0.1),
          gammaInitializer: initializers.uniform(),
          betaRegularizer: regularizers.l2(0.5),
          gammaRegularizer: regularizers.l1(0.5),
          ...options,
        }),
      input: [2, 3, 2],
      output: [2, 3, 2],
      parameters: { gamma: [2, 3, 2], beta: [2, 3, 2] },
      penalties: 2,
    },
    {
      what: "some axes, nothing added",
      make: (options) => layerNormalization({ axes: [1], center: false, ...options }),
      input: [2, 3, 2],
      output: [2, 3, 2],
      parameters: { gamma: [3, 1] },
    },
  ],
  maxPool2d: [
    { what: "defaults", make: (options) => maxPool2d(2, options), input: [4, 6, 2], output: [2, 3, 2] },
    {
      what: "padded, overlapping",
      make: (options) => maxPool2d([3, 2], { strides: [2, 1], padding: "same", ...options }),
      input: [4, 5, 2],
      output: [2, 5, 2],
    },
  ],
  permute: [{ what: "rotation", make: (o) => permute([2, 0, 1], o), input: [2, 3, 4], output: [4, 2, 3] }],
  prelu: [
    { what: "defaults", make: prelu, input: [5], output: [5], parameters: { alpha: [5] } },
    {
      what: "one slope per channel",
      make: (options) =>
        prelu({
          sharedAxes: [0, 1],
          alphaInitializer: initializers.uniform(),
          alphaRegularizer: regularizers.l2(1),
          ...options,
        }),
      input: [2, 3, 2],
      output: [2, 3, 2],
      parameters: { alpha: [1, 1, 2] },
      penalties: 1,
    },
  ],
  rescaling: [
    { what: "scale", make: (options) => rescaling(1 / 255, 0, options), input: [3], output: [3] },
    { what: "scale and offset", make: (options) => rescaling(2, -1, options), input: [3], output: [3] },
  ],
  sequential: [
    {
      what: "nothing",
      make: (options) => sequential({ inputShape: [2], ...options }),
      input: [2],
      output: [2],
    },
    {
      what: "nested",
      make: (options) =>
        sequential(
          { inputShape: [4, 4, 1], ...options },
          conv2d(2, 3, { kernelRegularizer: regularizers.l2(0.1) }),
          flatten(),
          sequential([8], dropout(0.3), dense(3, { name: "head" })),
        ),
      input: [4, 4, 1],
      output: [3],
      parameters: {
        "conv2d_1/kernel": [3, 3, 1, 2],
        "conv2d_1/bias": [2],
        "sequential_1/head/kernel": [8, 3],
        "sequential_1/head/bias": [3],
      },
      random: true,
      penalties: 1,
    },
  ],
  unflatten: [{ what: "an image", make: (o) => unflatten([2, 3, 1], o), input: [6], output: [2, 3, 1] }],
};
