import {
  currentOrigin,
  type Layer,
  mapParameterSpecs,
  normal,
  type ParameterSpec,
  parameter,
  parameterSpecEntries,
  random,
  type Shape,
  sizeOf,
  streamOf,
  type Tensor,
  tensor,
  type Values,
} from "@myelin/tensor";

/** A layer written down once, as a training or an evaluation step would do it. */
export interface LayerTrace {
  readonly input: Tensor;
  readonly output: Tensor;
  readonly parameters: ReadonlyMap<string, Tensor>;
  readonly specs: ReadonlyMap<string, ParameterSpec>;
  readonly penalties: readonly Tensor[];
  /** New values of parameters that are state, by path. */
  readonly updates: ReadonlyMap<string, Tensor>;
  readonly draws: number;
}

export function traceLayer(layer: Layer, features: Shape, training: boolean, rows = 3): LayerTrace {
  const specs = layer.parameters(features);
  const input = parameter("input", [rows, ...features]);
  const parameters = new Map<string, Tensor>();
  const penalties: Tensor[] = [];
  const updates = new Map<string, Tensor>();
  let draws = 0;
  const output = layer.forward({
    input,
    parameters: mapParameterSpecs(specs, ({ shape }, path) => {
      const made = parameter(path, shape);
      parameters.set(path, made);
      return made;
    }),
    training,
    random: (shape) => random(tensor([5, 6, 7], "i32"), shape, streamOf(`${currentOrigin()}#${draws++}`)),
    update: (path, value) => updates.set(path, value),
    addPenalty: (value) => penalties.push(value),
  });
  return {
    input,
    output,
    parameters,
    specs: new Map(parameterSpecEntries(specs)),
    penalties,
    updates,
    draws,
  };
}

/**
 * Normally distributed values, the same for the same trace; none closer to a kink at 0 than gradient checks step. What is
 * not trained lies above its initial value: it may be a variance.
 */
export function randomValues({ input, parameters, specs }: LayerTrace, seed = 1): Map<Tensor, Float64Array> {
  const leaves: (readonly [path: string, leaf: Tensor])[] = [["", input], ...parameters];
  return new Map(
    leaves.map(([path, leaf], stream) => {
      const { shape } = leaf;
      const numbers = Float64Array.from({ length: sizeOf(shape) }, (_, element) => {
        const value = normal(seed, stream, element);
        return Math.abs(value) < 0.001 ? value + 0.1 : value;
      });
      const spec = specs.get(path);
      if (spec?.trainable !== false) return [leaf, numbers];
      const initial = spec.initializer.generate(shape, { seed, stream });
      return [leaf, numbers.map((value, element) => (initial[element] as number) + Math.abs(value))];
    }),
  );
}

/** The values of one trace for another of the same layer: input for input, parameters by name. */
export function valuesFor(
  to: LayerTrace,
  from: LayerTrace,
  values: ReadonlyMap<Tensor, Values>,
): Map<Tensor, Values> {
  const moved = new Map<Tensor, Values>([[to.input, values.get(from.input) as Values]]);
  for (const [path, leaf] of to.parameters)
    moved.set(leaf, values.get(from.parameters.get(path) as Tensor) as Values);
  return moved;
}
