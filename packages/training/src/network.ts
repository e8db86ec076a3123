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
  /** What memory holds: the flat vector of all trained parameters, or a variable of its own. */
  readonly variable: Tensor;
  /** Where it starts in `variable`. */
  readonly offset: number;
  /** The parameter in its shape, as the network reads it. */
  readonly tensor: Tensor;
}

/**
 * Where the parameters of a network live. All trained ones are views of one flat vector, so that an optimizer's update
 * is one loop; frozen ones and running statistics are variables of their own.
 */
export interface Layout {
  readonly places: readonly Place[];
  /** The flat vector of all trained parameters. */
  readonly trainable: Tensor;
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
  const specs = network.parameters(network.inputShape);
  const trainedSize = ({ shape, trainable = true }: ParameterSpec) => (trainable ? sizeOf(shape) : 0);
  const size = parameterSpecEntries(specs).reduce((sum, [, spec]) => sum + trainedSize(spec), 0);
  const trainable = parameter("trainable", [size]);
  const places: Place[] = [];
  let used = 0;
  const tree = mapParameterSpecs(specs, (spec, path) => {
    const { shape, trainable: trained = true } = spec;
    const variable = trained ? trainable : parameter(path, shape);
    const offset = trained ? used : 0;
    const tensor = trained ? reshape(slice(variable, [offset], [sizeOf(shape)]), shape) : variable;
    used += trainedSize(spec);
    places.push({ path, spec, trained, variable, offset, tensor });
    return tensor;
  });
  return { places, trainable, variables: [...new Set(places.map(({ variable }) => variable))], tree };
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
