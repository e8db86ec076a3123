import { ArgumentError, formatShape, type Shape, sizeOf } from "@myelin/tensor";
import type { StoredTensor } from "./decode-safetensors.js";
import { type ElementTypeName, elementTypes } from "./element-types.js";
import { toLittleEndian } from "./little-endian.js";
import { isInherited } from "./strict-json.js";

/** A tensor to store: numbers, whose array decides the element type, or bytes that are stored as they are. */
export type TensorToStore =
  | StoredTensor
  | {
      readonly shape: Shape;
      readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
    };

/**
 * Writes a safetensors file. Tensors of wide elements come first and the header is padded with spaces, so that every tensor
 * starts at a multiple of its element size, and readers may use the bytes in place.
 *
 * Throws `ArgumentError` for names that no reader accepts and for data that do not fit their shape.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorToStore>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const parts = Object.entries(tensors).map(([name, tensor]) => partOf(name, tensor));
  parts.sort((a, b) => elementTypes[b.dtype].bits - elementTypes[a.dtype].bits);
  const entries: [string, unknown][] = [];
  for (const [name, text] of Object.entries(metadata)) {
    wantName(name);
    if (typeof text !== "string") throw new ArgumentError("encodeSafetensors", "texts as metadata", text);
  }
  if (Object.keys(metadata).length > 0) entries.push(["__metadata__", metadata]);
  let end = 0;
  for (const { name, dtype, shape, bytes } of parts) {
    const begin = end;
    end += bytes.length;
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setUint32(0, headerLength, true);
  file.set(text, 8);
  file.fill(SPACE, 8 + text.length, 8 + headerLength);
  let offset = 8 + headerLength;
  for (const { bytes } of parts) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

const SPACE = 0x20;

interface Part {
  readonly name: string;
  readonly dtype: ElementTypeName;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

function partOf(name: string, tensor: TensorToStore): Part {
  wantName(name);
  if (name === "__metadata__") {
    throw new ArgumentError("encodeSafetensors", "a tensor name that the format leaves free", name);
  }
  const { shape } = tensor;
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw new ArgumentError(
      "encodeSafetensors",
      `whole numbers in the shape of "${name}"`,
      formatShape(shape),
    );
  }
  if ("bytes" in tensor) {
    const { dtype, bytes } = tensor;
    wantSize(name, shape, (sizeOf(shape) * elementTypes[dtype].bits) / 8, bytes.length, "bytes");
    return { name, dtype, shape, bytes };
  }
  const { data } = tensor;
  wantSize(name, shape, sizeOf(shape), data.length, "numbers");
  return { name, dtype: dtypeOf(data), shape, bytes: toLittleEndian(data) };
}

function dtypeOf(data: Extract<TensorToStore, { data: unknown }>["data"]): ElementTypeName {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof BigInt64Array) return "I64";
  if (data instanceof Uint8Array) return "U8";
  throw new ArgumentError("encodeSafetensors", "a Float32Array or another array that the format knows", data);
}

function wantName(name: string): void {
  if (isInherited(name)) {
    throw new ArgumentError("encodeSafetensors", "names that no object has by nature", name, "Rename it.");
  }
}

function wantSize(name: string, shape: Shape, expected: number, received: number, unit: string): void {
  if (expected === received) return;
  throw new ArgumentError(
    "encodeSafetensors",
    `${expected} ${unit} for "${name}" of shape ${formatShape(shape)}`,
    `${received} ${unit}`,
  );
}
