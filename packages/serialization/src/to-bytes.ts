import { ArgumentError, type ModelState, withDefaults } from "@myelin/tensor";
import { encodeSafetensors } from "./encode-safetensors.js";
import { FORMAT, FORMAT_VERSION, isReserved, refusedInPreprocessing } from "./model-format.js";
import { parseStrictJson } from "./strict-json.js";
import { LIBRARY_VERSION } from "./version.js";

export interface ToBytesOptions {
  /** Further texts to keep in the file, for example what `fromBytes` gave back as `metadata`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * A model as one file: a safetensors file with one F32 tensor per parameter under its own name ("dense_1/kernel"), and in
 * its metadata the architecture, class labels, preprocessing (all as JSON) and the versions of file format and library. Any
 * program that reads safetensors can read the parameters. Equal models give equal bytes.
 *
 * Throws `ArgumentError` for what could not be read back.
 */
export function toBytes(model: ModelState, options: ToBytesOptions = {}): Uint8Array<ArrayBuffer> {
  const { metadata } = withDefaults("toBytes", options, { metadata: {} });
  if (typeof model !== "object" || model === null || !("tensors" in model))
    throw new ArgumentError("toBytes", "the state of a model", model, "Pass model.state().");
  if (typeof metadata !== "object" || metadata === null)
    throw new ArgumentError("toBytes", "a record of texts as metadata", metadata);
  const reserved = Object.keys(metadata).find(isReserved);
  if (reserved !== undefined)
    throw new ArgumentError("toBytes", "metadata under names of their own", reserved);
  return encodeSafetensors(model.tensors, {
    format: FORMAT,
    formatVersion: String(FORMAT_VERSION),
    libraryVersion: LIBRARY_VERSION,
    architecture: json("architecture", model.config),
    ...(model.labels === undefined ? {} : { labels: json("labels", model.labels) }),
    ...(model.features === undefined ? {} : { features: json("features", model.features) }),
    ...(model.preprocessing === undefined
      ? {}
      : { preprocessing: json("preprocessing", model.preprocessing, refusedInPreprocessing) }),
    ...metadata,
  });
}

/** Reads its own text back, so that no file is written that `fromBytes` would refuse. */
function json(what: string, value: unknown, isRefused?: (key: string) => boolean): string {
  try {
    const text = JSON.stringify(value, (name, member: unknown) => {
      if (isData(member)) return member;
      throw new Error(`JSON would make something else of what is called ${JSON.stringify(name)}.`);
    });
    parseStrictJson(text, what, isRefused);
    return text;
  } catch (error) {
    throw new ArgumentError("toBytes", `${what} that can be read back`, what, (error as Error).message);
  }
}

/** NaN would become null, a function nothing, a Map {}, and a typed array a record. */
function isData(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  return !(ArrayBuffer.isView(value) || Symbol.iterator in value || value instanceof Promise);
}
