import {
  formatShape,
  type Json,
  type Layer,
  type Network,
  type NetworkChild,
  type ParameterTensors,
  type Shape,
  sameShape,
  want,
  wantShape,
  wantShapes,
  withDefaults,
  withOrigin,
} from "@myelin/tensor";
import { wantLayer, wantLayerOptions } from "./arguments.js";
import type { Chain, Joined } from "./chain-types.js";
import { contextFor, frozenUnless, type LayerOptions, layerDefaults } from "./define-layer.js";
import { jsonOf } from "./json-of.js";
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
 * A frozen network adds no penalties to the loss, and its layers keep their state (`frozen` of the context). Throws `ShapeError` where two layers do not fit, `ArgumentError` for names
 * used twice.
 */
export function sequential<const Input extends Shape, const Layers extends readonly Layer[]>(
  inputShape: Input | SequentialOptions<Input>,
  ...layers: Joined<Input, Layers>
): Network<Input, Chain<Input, Layers>>;
export function sequential(first: Shape | SequentialOptions<Shape>, ...layers: Layer[]): Network {
  const options = (Array.isArray(first) ? { inputShape: first } : first) as SequentialOptions<Shape>;
  const what = "a shape such as [784] of one row before the layers";
  const inputShape = wantShape("sequential", Object(options).inputShape ?? first, 1, what);
  const { name, trainable } = withDefaults("sequential", options, {
    inputShape: undefined,
    ...layerDefaults,
  });
  for (const layer of layers) wantLayer("sequential", layer);
  wantLayerOptions("sequential", name, trainable);
  const children = chain(inputShape, layers);
  return {
    config: { kind: "sequential", arguments: jsonOf([first, ...layers], "sequential") as Json[] },
    name,
    trainable,
    inputShape,
    outputShape: children.at(-1)?.outputShape ?? inputShape,
    children,
    parameters: () => {
      const specs = children.map(({ name, layer, inputShape }) => [
        name,
        frozenUnless(
          layer.trainable,
          withOrigin(name, () => layer.parameters(inputShape)),
        ),
      ]);
      return frozenUnless(trainable, Object.fromEntries(specs));
    },
    forward: (given) => {
      const context = contextFor(trainable, given);
      const received = context.input.shape.slice(1);
      const fits = sameShape(inputShape, received);
      wantShapes(fits, "sequential", formatShape(inputShape), [received]);
      return children.reduce(
        (input, { name, layer }) =>
          withOrigin(name, () =>
            layer.forward({
              ...context,
              input,
              parameters: (context.parameters[name] ?? {}) as ParameterTensors,
              update: (parameter, value) => context.update(`${name}/${parameter}`, value),
            }),
          ),
        context.input,
      );
    },
  };
}

/** Names the layers, by kind and the next number that nobody has where they have no name, and finds the shapes between them. */
function chain(inputShape: Shape, layers: readonly Layer[]): NetworkChild[] {
  const taken = layers.flatMap(({ name }) => name ?? []);
  const twice = taken.find((name, index) => taken.includes(name, index + 1));
  want(!twice, "sequential", "a different name for every layer", twice);
  let shape = inputShape;
  return layers.map((layer) => {
    let { name } = layer;
    for (let number = 1; !name; number++) {
      const free = `${layer.config.kind}_${number}`;
      if (!taken.includes(free)) name = free;
    }
    taken.push(name);
    const entering = shape;
    shape = withOrigin(name, () => outputShape(layer, entering));
    return { name, layer, inputShape: entering, outputShape: shape };
  });
}
