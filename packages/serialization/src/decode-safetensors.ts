import { ArgumentError, formatShape, type Shape, sizeOf } from "@myelin/tensor";
import { type ElementTypeName, elementTypes, isElementType, type TensorValues } from "./element-types.js";
import { ModelFileError } from "./model-file-error.js";
import { parseStrictJson } from "./strict-json.js";

/** A tensor as it lies in a file. */
export interface StoredTensor {
  readonly dtype: ElementTypeName;
  readonly shape: Shape;
  /** Row-major, little-endian: a view into the bytes of the file, not a copy. */
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  /** By name, in the order in which they lie in the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The texts under `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What other readers accept, too. A larger header is an attack or a damaged length. */
const LARGEST_HEADER = 100_000_000;

/**
 * Reads a safetensors file: 8 bytes with the length of the header (little-endian), the header (a JSON object that gives
 * every tensor its element type, shape and place), then the data without gaps.
 *
 * Nothing in the file is trusted: a wrong length, a header that is not what it should be, shapes that are not whole numbers
 * or do not fit their bytes, bytes that belong to two tensors or to none, names given twice and names such as `__proto__` throw
 * `ModelFileError`; what is no bytes at all (a path) throws `ArgumentError`.
 */
export function decodeSafetensors(file: Uint8Array | ArrayBuffer): Safetensors {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(wantBytes(file));
  const { header, dataStart } = readHeader(bytes);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw corrupt("The metadata of the file are not a record of texts.");
  }
  const data = bytes.subarray(dataStart);
  const places = Object.entries(entries).map(([name, entry]) => readEntry(name, entry, data.length));
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  wantSeamless(places, data.length);
  const tensors = places.map(({ name, dtype, shape, begin, end }): [string, StoredTensor] => [
    name,
    { dtype, shape, bytes: data.subarray(begin, end) },
  ]);
  return { tensors: new Map(tensors), metadata: metadata as Record<string, string> };
}

function wantBytes(file: ArrayBuffer): ArrayBuffer {
  if (typeof file === "object" && typeof file?.byteLength === "number") return file;
  throw new ArgumentError("fromBytes", "the bytes of a file", file, "Read the file first.");
}

/** The numbers of a tensor. Throws `ArgumentError` for types without numbers in JavaScript (8 bits of float, complex). */
export function tensorValues({ dtype, bytes }: StoredTensor): TensorValues {
  const { read } = elementTypes[dtype];
  if (read === undefined) {
    throw new ArgumentError(
      "tensorValues",
      "an element type that JavaScript can hold",
      dtype,
      "Use its bytes.",
    );
  }
  return read(bytes);
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) {
    throw new ModelFileError(
      "truncated",
      `The file ends after ${bytes.length} bytes; every model file has more.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > LARGEST_HEADER) {
    throw corrupt(
      `The file claims a header of ${length} bytes (at most ${LARGEST_HEADER}); it is no safetensors file.`,
    );
  }
  if (length > bytes.length - 8) {
    throw new ModelFileError(
      "truncated",
      `The file ends after ${bytes.length} bytes, within its header of ${length} bytes.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.slice(8, 8 + length));
  } catch (cause) {
    throw new ModelFileError("corrupt", "The header of the file is not UTF-8 text.", { cause });
  }
  const header = parseStrictJson(text, "header of the file");
  if (!isRecord(header)) throw corrupt("The header of the file is not a JSON object.");
  return { header, dataStart: 8 + length };
}

interface Place {
  readonly name: string;
  readonly dtype: ElementTypeName;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, entry: unknown, dataLength: number): Place {
  const tensor = `Tensor ${JSON.stringify(name)}`;
  if (!isRecord(entry)) throw corrupt(`${tensor} is not described by a record.`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isElementType(dtype)) {
    throw corrupt(`${tensor} has the unknown element type ${JSON.stringify(dtype)}.`);
  }
  if (!isListOfNaturals(shape)) {
    throw corrupt(`${tensor} has a shape that is not a list of whole numbers: ${JSON.stringify(shape)}.`);
  }
  if (!isListOfNaturals(offsets) || offsets.length !== 2) {
    throw corrupt(`${tensor} has no two offsets: ${JSON.stringify(offsets)}.`);
  }
  const [begin, end] = offsets as [number, number];
  if (end > dataLength) {
    const missing = `which would end at byte ${end} of ${dataLength} bytes of data`;
    throw new ModelFileError("truncated", `The file ends within ${tensor.toLowerCase()}, ${missing}.`);
  }
  const bits = sizeOf(shape) * elementTypes[dtype].bits;
  if (!Number.isSafeInteger(bits) || (end - begin) * 8 !== bits) {
    throw corrupt(
      `${tensor} of shape ${formatShape(shape)} and type ${dtype} does not fit ${end - begin} bytes.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Every byte of the data belongs to exactly one tensor. */
function wantSeamless(places: readonly Place[], dataLength: number): void {
  let covered = 0;
  for (const { name, begin, end } of places) {
    if (begin !== covered) {
      const problem =
        begin < covered ? "shares bytes with another tensor" : "is preceded by bytes of no tensor";
      throw corrupt(`Tensor ${JSON.stringify(name)} ${problem}.`);
    }
    covered = end;
  }
  if (covered !== dataLength) {
    throw corrupt(`The last ${dataLength - covered} bytes of the file belong to no tensor.`);
  }
}

function isListOfNaturals(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function corrupt(message: string): ModelFileError {
  return new ModelFileError("corrupt", message);
}
