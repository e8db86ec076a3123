import {
  ArgumentError,
  currentOrigin,
  formatShape,
  type Layer,
  type LayerContext,
  type Network,
  type NetworkChild,
  type ParameterSpecs,
  type ParameterTensors,
  type Shape,
  ShapeError,
  sameShape,
  type Tensor,
  withOrigin,
} from "@myelin/tensor";
import { wantCount, wantLayer, wantName } from "./arguments.js";
import type { Chain, Joined } from "./chain-types.js";
import { defineLayer, frozen, type LayerOptions } from "./define-layer.js";
import { outputShape } from "./output-shape.js";

export interface SequentialOptions<Input extends Shape> extends LayerOptions {
  /** Features of one row. */
  readonly inputShape: Input;
}

/**
 * A chain of layers: each takes what the one before returns. `inputShape` is the shape of one row.
 *
 *     sequential([784], rescaling(1 / 255), dense(128, { activation: relu }), dense(10))
 *
 * Shapes are found by writing the forward pass of every layer down, and, where the extents are literals, by the compiler.
 * Children are named by their kind and a number (`dense_1`, `dense_2`) unless they have a name; a network is a layer too
 * and may be a child. Write `sequential({ inputShape: [784], name: "encoder", trainable: false }, ...)` to name or freeze it.
 *
 * Children run inside `withOrigin(name)` with their own parameters. `random` and `addPenalty` of the context go down as they
 * are (`random` knows the layer from `currentOrigin()`), names given to `update` get the child's name in front.
 *
 * A frozen network adds no penalties to the loss. Throws `ShapeError` where two layers do not fit, `ArgumentError` for names
 * used twice.
 */
export function sequential<const Input extends Shape, const Layers extends readonly Layer[]>(
  inputShape: Input | SequentialOptions<Input>,
  ...layers: Joined<Input, Layers>
): Network<Input, Chain<Input, Layers>>;
export function sequential(shapeOrOptions: Shape | SequentialOptions<Shape>, ...layers: Layer[]): Network {
  const options = isShape(shapeOrOptions) ? { inputShape: shapeOrOptions } : shapeOrOptions;
  const { inputShape, name, trainable } = options;
  if (!Array.isArray(inputShape)) {
    throw new ArgumentError(
      "sequential",
      "the shape of one row before the layers",
      shapeOrOptions,
      "Begin with [784].",
    );
  }
  for (const layer of layers) wantLayer("sequential", layer);
  for (const extent of inputShape) wantCount("sequential", "every extent of the input shape", extent);
  if (name !== undefined) wantName("sequential", name);
  const children = chain(inputShape, layers);
  const layer = defineLayer({
    kind: "sequential",
    arguments: [isShape(shapeOrOptions) ? inputShape : options, ...layers],
    parameters: (shape) => {
      wantInput(inputShape, shape);
      const specs = Object.fromEntries(children.map((child) => [child.name, parametersOf(child)]));
      return trainable === false ? frozen(specs) : specs;
    },
    forward: (context) => {
      wantInput(inputShape, context.input.shape.slice(1));
      const addPenalty = trainable === false ? () => {} : context.addPenalty.bind(context);
      return children.reduce((x, child) => run(child, x, context, addPenalty), context.input);
    },
  });
  return {
    ...layer,
    name,
    trainable,
    inputShape,
    outputShape: children.at(-1)?.outputShape ?? inputShape,
    children,
  };
}

function isShape(value: Shape | SequentialOptions<Shape>): value is Shape {
  return Array.isArray(value);
}

/** Names the layers and finds the shapes between them. */
function chain(inputShape: Shape, layers: readonly Layer[]): NetworkChild[] {
  const names = namesOf(layers);
  let shape = inputShape;
  return layers.map((layer, index) => {
    const name = names[index] as string;
    const entering = shape;
    shape = withOrigin(name, () => outputShape(layer as Layer, entering));
    return { name, layer, inputShape: entering, outputShape: shape };
  });
}

/** Given names, and for the others the kind with the next number that nobody has. */
function namesOf(layers: readonly Layer[]): string[] {
  const taken = new Set<string>();
  for (const { name } of layers) {
    if (name === undefined) continue;
    if (taken.has(name)) {
      throw new ArgumentError(
        "sequential",
        "a different name for every layer",
        name,
        "Rename one of the two.",
      );
    }
    taken.add(name);
  }
  const counts = new Map<string, number>();
  return layers.map(({ name, config: { kind } }) => {
    if (name !== undefined) return name;
    let number = counts.get(kind) ?? 0;
    do number += 1;
    while (taken.has(`${kind}_${number}`));
    counts.set(kind, number);
    return `${kind}_${number}`;
  });
}

function parametersOf({ name, layer, inputShape }: NetworkChild): ParameterSpecs {
  const specs = withOrigin(name, () => layer.parameters(inputShape));
  return layer.trainable === false ? frozen(specs) : specs;
}

function run(
  { name, layer }: NetworkChild,
  x: Tensor,
  context: LayerContext,
  addPenalty: LayerContext["addPenalty"],
): Tensor {
  return withOrigin(name, () =>
    layer.forward({
      input: x,
      parameters: (context.parameters[name] ?? {}) as ParameterTensors,
      training: context.training,
      random: (shape) => context.random(shape),
      update: (parameter, value) => context.update(`${name}/${parameter}`, value),
      addPenalty,
    }),
  );
}

function wantInput(wanted: Shape, received: Shape): void {
  if (sameShape(wanted, received)) return;
  throw new ShapeError({
    operation: "sequential",
    expected: formatShape(wanted),
    received: [received],
    path: currentOrigin(),
    hint: "Give the network the shape it was made for, or make it for this one.",
  });
}
