import * as activations from "@myelin/activations";
import * as layers from "@myelin/layers";
import {
  ModelFileError,
  fromBytes as read,
  type ToBytesOptions,
  toBytes as write,
} from "@myelin/serialization";
import { ArgumentError, firstNotFinite, type ModelState } from "@myelin/tensor";
import { Model, type ModelOptions } from "./model.js";

/** A model as one safetensors file: parameters, architecture, labels and preprocessing. */
export function toBytes(
  model: { state(): ModelState },
  options: ToBytesOptions = {},
): Uint8Array<ArrayBuffer> {
  if (typeof model?.state !== "function") throw new ArgumentError("toBytes", "a model", model);
  return write(model.state(), options);
}

/**
 * The model that `toBytes` wrote, ready to predict or to be trained on. Throws `ModelFileError` for a file that is damaged,
 * foreign or newer. Networks with layers or activations of one's own: `fromBytes` of @myelin/serialization takes them.
 */
export function fromBytes(file: Uint8Array | ArrayBuffer, options: Omit<ModelOptions, "state"> = {}): Model {
  const { network, state } = read(file, { layers, activations });
  for (const [name, { data }] of Object.entries(state.tensors))
    if (firstNotFinite(data) >= 0)
      throw new ModelFileError(
        "corrupt",
        `Parameter ${JSON.stringify(name)} has numbers that are not finite.`,
      );
  return new Model(network, { ...options, state });
}
