import * as builtInActivations from "@myelin/activations";
import * as builtInLayers from "@myelin/layers";
import {
  ModelFileError,
  fromBytes as read,
  type ToBytesOptions,
  toBytes as write,
} from "@myelin/serialization";
import { ArgumentError, firstNotFinite, type ModelState, want, withDefaults } from "@myelin/tensor";
import { Model, type ModelOptions } from "./model.js";

/** A model as one safetensors file: parameters, architecture, labels and preprocessing. */
export function toBytes(
  model: { state(): ModelState },
  options: ToBytesOptions = {},
): Uint8Array<ArrayBuffer> {
  if (typeof model?.state !== "function") throw new ArgumentError("toBytes", "a model", model);
  return write(model.state(), options);
}

export interface FromBytesOptions extends Omit<ModelOptions, "state"> {
  /** Layers of your own by their kinds, beside those of Myelin: `{ scale }`, or `import * as layers from "./layers.js"`. */
  readonly layers?: object | undefined;
  /** The same for activations. */
  readonly activations?: object | undefined;
}

/**
 * The model that `toBytes` wrote, ready to predict or to be trained on.
 *
 *     fromBytes(file, { layers: { scale }, activations: { cube } });
 *
 * Throws `ModelFileError` for a file that is damaged, foreign or newer, or has kinds of layers that nobody passed.
 */
export function fromBytes(file: Uint8Array | ArrayBuffer, options: FromBytesOptions = {}): Model {
  const { layers, activations, ...rest } = withDefaults("fromBytes", options, {
    backend: undefined,
    seed: undefined,
    layers: {},
    activations: {},
  });
  for (const [what, own] of Object.entries({ layers, activations }))
    want(
      typeof own === "object" && !Array.isArray(own) && own,
      "fromBytes",
      `${what} by name`,
      own,
      "Write { name } with the factory or value that has this name.",
    );
  const { network, state } = read(file, {
    layers: { ...builtInLayers, ...layers },
    activations: { ...builtInActivations, ...activations },
  });
  for (const [name, { data }] of Object.entries(state.tensors))
    if (firstNotFinite(data) >= 0)
      throw new ModelFileError(
        "corrupt",
        `Parameter ${JSON.stringify(name)} has numbers that are not finite.`,
      );
  return new Model(network, { ...rest, state });
}
