import {
  currentOrigin,
  mapParameterSpecs,
  type Network,
  type ParameterSpec,
  type ParameterTensors,
  parameter,
  parameterSpecEntries,
  random,
  reshape,
  sizeOf,
  slice,
  streamOf,
  type Tensor,
} from "@myelin/tensor";

/** One named parameter of the network. */
export interface Place {
  /** "dense_1/kernel". */
  readonly path: string;
  readonly spec: ParameterSpec;
  readonly trained: boolean;
  /** What memory holds: the flat vector of small trained parameters, or a variable of its own. */
  readonly variable: Tensor;
  /** Where it starts in `variable`. */
  readonly offset: number;
  /** The parameter in its shape, as the network reads it. */
  readonly tensor: Tensor;
}

/**
 * Where the parameters of a network live. Large ones are variables of their own, so that they are updated where their
 * gradient is computed; small trained ones are views of one flat vector, whose update is one loop.
 */
export interface Layout {
  readonly places: readonly Place[];
  /** The variables with trained parameters. */
  readonly trained: readonly Tensor[];
  /** What holds the parameters. */
  readonly variables: readonly Tensor[];
  /** The parameters as the layers named them. */
  readonly tree: ParameterTensors;
}

export interface Traced {
  readonly output: Tensor;
  /** Sum of what the layers add to the loss. */
  readonly penalty: Tensor | undefined;
  /** New values of variables that are not trained, by path. */
  readonly updates: ReadonlyMap<string, Tensor>;
}

export function layOut(network: Network): Layout {
  /** Elements from which on a parameter is large; see docs/decisions/0001-flat-vector-and-large-parameters.md. */
  const LARGE = 4096;
  const specs = network.parameters(network.inputShape);
  const smallSize = ({ shape, trainable = true }: ParameterSpec) =>
    trainable && sizeOf(shape) < LARGE ? sizeOf(shape) : 0;
  const size = parameterSpecEntries(specs).reduce((sum, [, spec]) => sum + smallSize(spec), 0);
  const small = parameter("trainable", [size]);
  const places: Place[] = [];
  let used = 0;
  const tree = mapParameterSpecs(specs, (spec, path) => {
    const { shape, trainable: trained = true } = spec;
    const taken = smallSize(spec);
    const variable = taken ? small : parameter(path, shape);
    const offset = taken ? used : 0;
    const tensor = taken ? reshape(slice(small, [offset], [taken]), shape) : variable;
    used += taken;
    places.push({ path, spec, trained, variable, offset, tensor });
    return tensor;
  });
  const variablesOf = (some: readonly Place[]) => [...new Set(some.map(({ variable }) => variable))];
  return {
    places,
    trained: variablesOf(places.filter(({ trained }) => trained)),
    variables: variablesOf(places),
    tree,
  };
}

/** Writes down what the network does with `rows` ([rows, ...features], f32). `key` (i32 [3]) feeds its random numbers. */
export function trace(
  network: Network,
  parameters: ParameterTensors,
  rows: Tensor,
  key: Tensor,
  training: boolean,
): Traced {
  const updates = new Map<string, Tensor>();
  const calls = new Map<string, number>();
  let penalty: Tensor | undefined;
  const output = network.forward({
    input: rows,
    parameters,
    training,
    // Keyed by the path of the layer and the number of its call, so that an edit elsewhere leaves its numbers as they are.
    random(shape) {
      const path = currentOrigin();
      const call = calls.get(path) ?? 0;
      calls.set(path, call + 1);
      return random(key, shape, streamOf(`${path}#${call}`));
    },
    update: (name, value) => updates.set(name, value),
    addPenalty(value) {
      penalty = penalty?.add(value) ?? value;
    },
  });
  return { output, penalty, updates };
}
