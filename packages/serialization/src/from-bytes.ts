import {
  type Config,
  formatShape,
  type Json,
  type Layer,
  type ModelState,
  type Network,
  parameterSpecEntries,
  sameShape,
  want,
  wantMembers,
} from "@myelin/tensor";
import { decodeSafetensors, type StoredTensor, tensorValues } from "./decode-safetensors.js";
import { isLittleEndian } from "./little-endian.js";
import { ModelFileError } from "./model-file-error.js";
import { FORMAT, FORMAT_VERSION, isReserved, refusedInPreprocessing } from "./model-format.js";
import { parseStrictJson } from "./strict-json.js";
import { isLaterThanThis } from "./version.js";

/**
 * Where the kinds of layers and activations are found: `import * as layers from "@myelin/layers"`, `import * as activations
 * from "@myelin/activations"`, or records with less (or more) in them. `layers` brings the function that rebuilds a layer
 * from its config, so that this package depends on none of them.
 */
export interface ModelNamespaces {
  readonly layers: {
    layerFromConfig(
      config: unknown,
      namespaces: { readonly layers: object; readonly activations: object },
    ): Layer;
  };
  readonly activations: object;
}

export interface LoadedModel {
  /**
   * The network, rebuilt; its parameters are in `state.tensors`, complete and of the right shapes. They may share the memory
   * of the file.
   */
  readonly network: Network;
  readonly state: ModelState;
  /** Metadata without a meaning for this version; pass them to `toBytes` to keep them. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The library that wrote the file. */
  readonly libraryVersion: string;
}

/**
 * Reads what `toBytes` wrote. Nothing in the file is trusted, and nothing is returned unless all of it is sound: damaged,
 * hostile, foreign and newer files, and those with layers that nobody passed, throw `ModelFileError`, whose `problem` says which.
 */
export function fromBytes(file: Uint8Array | ArrayBuffer, namespaces: ModelNamespaces): LoadedModel {
  const { tensors, metadata } = decodeSafetensors(file);
  const { layers, activations } = Object(namespaces) as Partial<ModelNamespaces>;
  const hint = 'Pass import * as layers from "@myelin/layers", and activations alike.';
  wantMembers("fromBytes", "layers with their layerFromConfig", layers, ["layerFromConfig"], hint);
  want(Object(activations) === activations, "fromBytes", "activations by name", activations, hint);
  const {
    format,
    formatVersion,
    libraryVersion = "unknown",
    architecture,
    labels,
    features,
    preprocessing,
  } = metadata;
  if (format !== FORMAT || architecture === undefined) {
    throw new ModelFileError(
      "foreign",
      "The file has tensors, but no network: it was not written by toBytes. decodeSafetensors reads its tensors.",
    );
  }
  wantKnownVersion(formatVersion, libraryVersion);
  const config = parseStrictJson(architecture, "architecture");
  const network = rebuild(config, namespaces, libraryVersion);
  return {
    network,
    state: {
      config: config as Config,
      tensors: parametersOf(network, tensors),
      labels: labels === undefined ? undefined : readTexts(labels, "labels"),
      features: features === undefined ? undefined : readTexts(features, "features"),
      preprocessing:
        preprocessing === undefined
          ? undefined
          : (parseStrictJson(preprocessing, "preprocessing", refusedInPreprocessing) as Json),
    },
    metadata: Object.fromEntries(Object.entries(metadata).filter(([name]) => !isReserved(name))),
    libraryVersion,
  };
}

function wantKnownVersion(formatVersion: string | undefined, libraryVersion: string): void {
  if (formatVersion === undefined || !/^[1-9]\d{0,8}$/.test(formatVersion)) {
    throw new ModelFileError("corrupt", `The file has the format version ${JSON.stringify(formatVersion)}.`);
  }
  if (Number(formatVersion) > FORMAT_VERSION) {
    const here = `this version reads formats up to ${FORMAT_VERSION}`;
    throw new ModelFileError(
      "newer",
      `The file was written by version ${libraryVersion} in format ${formatVersion}; ${here}. Update the library.`,
    );
  }
}

/** Whatever a factory throws for options from a file is the file's fault; a kind that nobody passed is not. */
function rebuild(config: unknown, namespaces: ModelNamespaces, libraryVersion: string): Network {
  let layer: Layer;
  try {
    layer = namespaces.layers.layerFromConfig(config, namespaces);
  } catch (cause) {
    const { unknownKind } = Object(cause) as { readonly unknownKind?: string };
    const isNewer = isLaterThanThis(libraryVersion);
    if (unknownKind !== undefined && !isNewer) {
      const what = `The network in the file has the layer or activation ${JSON.stringify(unknownKind)}`;
      const remedy = "pass it under this name in { layers } or { activations }";
      throw new ModelFileError("unknown", `${what}, which nobody passed: ${remedy}.`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelFileError(
      isNewer ? "newer" : "corrupt",
      `The network in the file (written by version ${libraryVersion}) cannot be rebuilt: ${reason}`,
      { cause },
    );
  }
  if (!isNetwork(layer)) {
    throw new ModelFileError(
      "corrupt",
      `The file describes a single ${layer.config.kind} instead of a network.`,
    );
  }
  return layer;
}

function isNetwork(layer: Layer): layer is Network {
  return "inputShape" in layer && Array.isArray(layer.inputShape);
}

/** The parameters of the network, one by one from the file; what is missing, left over or of another shape is refused. */
function parametersOf(
  network: Network,
  stored: ReadonlyMap<string, StoredTensor>,
): Record<string, { shape: readonly number[]; data: Float32Array }> {
  const wanted = parameterSpecEntries(network.parameters(network.inputShape));
  const names = new Set(wanted.map(([name]) => name));
  const extra = [...stored.keys()].find((name) => !names.has(name));
  if (extra !== undefined) {
    throw new ModelFileError(
      "mismatch",
      `The network in the file has no parameter ${JSON.stringify(extra)}.`,
    );
  }
  return Object.fromEntries(
    wanted.map(([name, { shape }]) => {
      const tensor = stored.get(name);
      if (tensor === undefined)
        throw new ModelFileError("mismatch", `The file has no parameter ${JSON.stringify(name)}.`);
      if (!sameShape(shape, tensor.shape)) {
        throw new ModelFileError(
          "mismatch",
          `Parameter ${JSON.stringify(name)} has shape ${formatShape(tensor.shape)} in the file; the network needs ${formatShape(shape)}.`,
        );
      }
      return [name, { shape, data: asFloat32(name, tensor) }];
    }),
  );
}

/** Parameters may have been stored with less precision, or with more. Where they lie right in the file, they stay there. */
function asFloat32(name: string, tensor: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  if (tensor.dtype === "F32" && isLittleEndian && byteOffset % 4 === 0)
    return new Float32Array(buffer, byteOffset, byteLength / 4);
  const values = ["F32", "F64", "F16", "BF16"].includes(tensor.dtype) ? tensorValues(tensor) : undefined;
  if (values instanceof Float32Array) return values;
  if (values instanceof Float64Array) return Float32Array.from(values);
  throw new ModelFileError(
    "mismatch",
    `Parameter ${JSON.stringify(name)} has element type ${tensor.dtype}, not F32.`,
  );
}

function readTexts(text: string, what: string): string[] {
  const texts = parseStrictJson(text, `list of ${what}`);
  if (Array.isArray(texts) && texts.every((entry) => typeof entry === "string")) return texts;
  throw new ModelFileError("corrupt", `The ${what} in the file are not a list of texts.`);
}
