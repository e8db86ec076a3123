/** Everything that the page lets one choose. */
export interface Settings {
  readonly data: DataSetName;
  /** Standard deviation of the points around where they belong; the plane reaches from -1.5 to 1.5. */
  readonly noise: number;
  /** Nodes of each hidden layer. */
  readonly hidden: readonly number[];
  /** Name of an export of @myelin/activations. */
  readonly activation: string;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly batchSize: number;
  /** Of points, first weights and the order of rows. */
  readonly seed: number;
}

export const dataSetNames = ["xor", "circles", "moons", "spirals", "blobs"] as const;
export type DataSetName = (typeof dataSetNames)[number];

export const optimizerNames = ["sgd", "momentum", "rmsprop", "adam", "adamW"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export const learningRates: readonly number[] = [
  0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10,
];
export const batchSizes: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 256];
export const limits = { layers: 5, nodes: 12, noise: 0.5, seed: 999_999 } as const;

export const defaults: Settings = {
  data: "moons",
  noise: 0.1,
  hidden: [6, 6],
  activation: "tanh",
  optimizer: "adam",
  learningRate: 0.01,
  batchSize: 16,
  seed: 1,
};

/** Reads the part of the address after "#". Whatever is missing or makes no sense is as by default. */
export function readSettings(hash: string, activations: readonly string[]): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name: string, otherwise: number, valid: (value: number) => boolean) => {
    const text = given.get(name);
    const value = Number(text);
    return text === null || text.trim() === "" || !valid(value) ? otherwise : value;
  };
  const oneOf = <Name extends string>(name: string, names: readonly Name[], otherwise: Name) =>
    names.find((each) => each === given.get(name)) ?? otherwise;
  return {
    data: oneOf("data", dataSetNames, defaults.data),
    noise: number("noise", defaults.noise, (value) => value >= 0 && value <= limits.noise),
    hidden: readHidden(given.get("hidden")),
    activation: oneOf("activation", activations, defaults.activation),
    optimizer: oneOf("optimizer", optimizerNames, defaults.optimizer),
    learningRate: number("rate", defaults.learningRate, (value) => value > 0 && value <= 1000),
    batchSize: number(
      "batch",
      defaults.batchSize,
      (value) => Number.isInteger(value) && value >= 1 && value <= 256,
    ),
    seed: number(
      "seed",
      defaults.seed,
      (value) => Number.isInteger(value) && value >= 0 && value <= limits.seed,
    ),
  };
}

export function writeSettings(settings: Settings): string {
  const { data, noise, hidden, activation, optimizer, learningRate, batchSize, seed } = settings;
  const parts = {
    data,
    noise,
    hidden: hidden.join(","),
    activation,
    optimizer,
    rate: learningRate,
    batch: batchSize,
    seed,
  };
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** "" is a network without hidden layers. */
function readHidden(text: string | null): readonly number[] {
  if (text === null) return defaults.hidden;
  if (text === "") return [];
  const nodes = text.split(",").map(Number);
  const valid =
    nodes.length <= limits.layers &&
    nodes.every((each) => Number.isInteger(each) && each >= 1 && each <= limits.nodes);
  return valid ? nodes : defaults.hidden;
}
