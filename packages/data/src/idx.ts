import { ArgumentError, formatShape, type Shape, sizeOf } from "@myelin/tensor";
import { DataFormatError } from "./data-format-error.js";
import type { RowArray } from "./rows.js";

/** Element types of IDX files by the third byte of the magic number. */
const elements = {
  8: { name: "unsigned bytes", bytes: 1 },
  9: { name: "signed bytes", bytes: 1 },
  11: { name: "16-bit integers", bytes: 2 },
  12: { name: "32-bit integers", bytes: 4 },
  13: { name: "32-bit floats", bytes: 4 },
  14: { name: "64-bit floats", bytes: 8 },
} as const;

type ElementCode = keyof typeof elements;

type IdxArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/**
 * Reads an IDX file, the format of MNIST: a magic number 00 00 type rank, the extents as 32-bit integers, the elements in
 * row-major order, all big-endian. Bytes are a view of the file, other elements are copied in the order of the machine.
 *
 * Throws `DataFormatError` for another magic number, and unless the file has exactly the bytes that its header promises.
 */
export function readIdx(file: Uint8Array): RowArray<IdxArray> {
  if (!(file instanceof Uint8Array)) throw new ArgumentError("readIdx", "the bytes of a file", file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4)
    throw new DataFormatError("IDX", "byte 0", "a magic number of 4 bytes", `${file.length} bytes`);
  const code = file[2] as ElementCode;
  const rank = file[3] as number;
  if (file[0] !== 0 || file[1] !== 0 || !(code in elements) || rank === 0) {
    const received = Array.from(file.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const hint =
      file[0] === 0x1f && file[1] === 0x8b ? "This is a gzip file; decompress it first." : undefined;
    throw new DataFormatError("IDX", "byte 0", "a magic number 00 00 type rank", received, hint);
  }
  const start = 4 + 4 * rank;
  if (file.length < start) {
    throw new DataFormatError(
      "IDX",
      "byte 4",
      `${rank} extents in ${4 * rank} bytes`,
      `${file.length - 4} bytes`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const { name, bytes } = elements[code];
  const expected = sizeOf(shape) * bytes;
  const received = file.length - start;
  if (received !== expected) {
    const promise = `${expected} bytes for ${formatShape(shape)} ${name}`;
    const hint = received < expected ? "The file is truncated." : "Something follows the elements.";
    throw new DataFormatError("IDX", `byte ${start}`, promise, `${received} bytes`, hint);
  }
  return { data: readElements(view, start, code, sizeOf(shape)), shape };
}

/**
 * Like `readIdx`, for files of bytes with a known shape; -1 stands for any extent.
 * Throws `DataFormatError` for other shapes and other elements.
 */
export function readIdxBytes(file: Uint8Array, wanted: Shape): RowArray<Uint8Array> {
  const { data, shape } = readIdx(file);
  const fits =
    shape.length === wanted.length && wanted.every((extent, axis) => extent === -1 || extent === shape[axis]);
  if (fits && data instanceof Uint8Array) return { data, shape };
  const inWords = `[${wanted.map((extent) => (extent === -1 ? "any" : extent)).join(", ")}] unsigned bytes`;
  throw new DataFormatError(
    "IDX",
    "byte 0",
    inWords,
    `${formatShape(shape)} ${elements[file[2] as ElementCode].name}`,
  );
}

function readElements(view: DataView, start: number, code: ElementCode, count: number): IdxArray {
  switch (code) {
    // Plain views, also of a Buffer, whose own `subarray` would be a Buffer again.
    case 8:
      return new Uint8Array(view.buffer, view.byteOffset + start, count);
    case 9:
      return new Int8Array(view.buffer, view.byteOffset + start, count);
    case 11:
      return Int16Array.from({ length: count }, (_, i) => view.getInt16(start + 2 * i));
    case 12:
      return Int32Array.from({ length: count }, (_, i) => view.getInt32(start + 4 * i));
    case 13:
      return Float32Array.from({ length: count }, (_, i) => view.getFloat32(start + 4 * i));
    case 14:
      return Float64Array.from({ length: count }, (_, i) => view.getFloat64(start + 8 * i));
    default:
      return code satisfies never;
  }
}
