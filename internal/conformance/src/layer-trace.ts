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
  readonly draws: number;
}

export function traceLayer(layer: Layer, features: Shape, training: boolean, rows = 3): LayerTrace {
  const specs = layer.parameters(features);
  const input = parameter("input", [rows, ...features]);
  const parameters = new Map<string, Tensor>();
  const penalties: Tensor[] = [];
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
    update: () => {
      throw new Error("no layer of these has state");
    },
    addPenalty: (value) => penalties.push(value),
  });
  return { input, output, parameters, specs: new Map(parameterSpecEntries(specs)), penalties, draws };
}

/** Normally distributed values, the same for the same trace; none closer to a kink at 0 than gradient checks step. */
export function randomValues({ input, parameters }: LayerTrace, seed = 1): Map<Tensor, Float64Array> {
  return new Map(
    [input, ...parameters.values()].map((leaf, stream) => [
      leaf,
      Float64Array.from({ length: sizeOf(leaf.shape) }, (_, element) => {
        const value = normal(seed, stream, element);
        return Math.abs(value) < 0.001 ? value + 0.1 : value;
      }),
    ]),
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
