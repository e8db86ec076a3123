import {
  add,
  equal,
  expandDims,
  type Initializer,
  iota,
  type Layer,
  type LayerContext,
  type Loss,
  logSoftmax,
  matmul,
  mean,
  multiply,
  type Network,
  type NetworkChild,
  negate,
  type Optimizer,
  type ParameterTensors,
  type Shape,
  type StreamingMetric,
  select,
  sigmoid,
  softmax,
  softplus,
  subtract,
  sum,
  type Tensor,
  uniform,
  withOrigin,
} from "@myelin/tensor";

/** Layers, losses and optimizers as small as they can be, so that these tests need no other package. */

export const small: Initializer = {
  config: { kind: "small" },
  generate: (shape, { seed, stream }) =>
    Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => 2 * uniform(seed, stream, i) - 1,
    ),
};

export function fully(units: number, activation: (z: Tensor) => Tensor = (z) => z): Layer {
  return {
    config: { kind: "fully" },
    parameters: (shape) => ({
      kernel: { shape: [shape[0] as number, units], initializer: small },
      bias: { shape: [units], initializer: small },
    }),
    forward: ({ input, parameters }) =>
      activation(matmul(input, parameters.kernel as Tensor).add(parameters.bias as Tensor) as Tensor),
  };
}

/** A layer without parameters. */
export function applied(kind: string, forward: (context: LayerContext) => Tensor): Layer {
  return { config: { kind }, parameters: () => ({}), forward };
}

/** Layers one after the other, named by kind and number as `sequential` does. */
export function network<const Input extends Shape, const Output extends Shape>(
  inputShape: Input,
  outputShape: Output,
  ...layers: readonly Layer[]
): Network<Input, Output> {
  const children = layers.map(
    (layer, i): NetworkChild => ({ name: `${layer.config.kind}_${i + 1}`, layer, inputShape, outputShape }),
  );
  let width: Shape = inputShape;
  const specs = children.map(({ name, layer }) => {
    const own = layer.parameters(width);
    const kernel = own.kernel as { readonly shape: Shape } | undefined;
    if (kernel !== undefined) width = [kernel.shape[1] as number];
    return [name, own] as const;
  });
  return {
    config: { kind: "network" },
    inputShape,
    outputShape,
    children,
    parameters: () => Object.fromEntries(specs),
    forward: (context) =>
      children.reduce(
        (x, { name, layer }) =>
          withOrigin(name, () =>
            layer.forward({
              ...context,
              input: x,
              parameters: context.parameters[name] as ParameterTensors,
              update: (parameter, value) => context.update(`${name}/${parameter}`, value),
            }),
          ),
        context.input,
      ),
  };
}

export const squaredError: Loss = {
  name: "squaredError",
  config: { kind: "squaredError" },
  perRow: (predictions, targets) => mean(subtract(predictions, targets).square(), 1),
  link: (predictions) => predictions,
  targets: "values",
};

/** On one logit. */
export const logistic: Loss = {
  name: "logistic",
  config: { kind: "logistic" },
  perRow: (predictions, targets) => sum(subtract(softplus(predictions), multiply(predictions, targets)), 1),
  link: sigmoid,
  targets: "binary",
};

/** On a logit per class; targets are indices or a number per class. */
export const softmaxLoss: Loss = {
  name: "softmaxLoss",
  config: { kind: "softmaxLoss" },
  perRow: (predictions, targets) => {
    const logs = logSoftmax(predictions);
    const wanted =
      targets.dtype === "i32"
        ? select(equal(iota(logs.shape), expandDims(targets, 1)), logs, 0)
        : multiply(logs, targets);
    return negate(sum(wanted, 1));
  },
  link: softmax,
  targets: "classes",
};

export function descent(
  learningRate: Optimizer["learningRate"],
  clipping?: Optimizer["clipping"],
): Optimizer {
  return {
    config: { kind: "descent" },
    learningRate,
    clipping,
    slots: {},
    scalars: {},
    update: ({ parameters, slots, scalars, gradients, learningRate: rate }) => ({
      parameters: subtract(parameters, multiply(gradients, rate)),
      slots,
      scalars,
    }),
  };
}

/** v <- 0.9 v + g, and a scalar that counts updates. */
export function momentum(learningRate: number): Optimizer {
  return {
    config: { kind: "momentum" },
    learningRate,
    slots: { velocity: 0 },
    scalars: { count: 10 },
    update: ({ parameters, slots, scalars, gradients, learningRate: rate }) => {
      const velocity = add(multiply(slots.velocity as Tensor, 0.9), gradients);
      return {
        parameters: subtract(parameters, multiply(velocity, rate)),
        slots: { velocity },
        scalars: { count: (scalars.count as Tensor).add(1) },
      };
    },
  };
}

/** Root of the weighted mean of the squared error. */
export const rootSquaredError: StreamingMetric = {
  name: "rootSquaredError",
  config: { kind: "rootSquaredError" },
  state: () => ({ total: [], weight: [] }),
  update: ({ total, weight }, { predictions, targets, weights }) => {
    const error = sum(subtract(predictions, targets).square(), 1);
    return {
      total: add(total as Tensor, sum(multiply(error, weights))),
      weight: add(weight as Tensor, sum(weights)),
    };
  },
  result: ({ total, weight }) => Math.sqrt((total?.[0] as number) / (weight?.[0] as number)),
};
