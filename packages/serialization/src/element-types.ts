import { fromLittleEndian } from "./little-endian.js";

/** Values of a tensor as JavaScript holds them; half precision is widened to float32, booleans are 0 and 1. */
export type TensorValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** Element types of the safetensors format. */
export type ElementTypeName =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL"
  | "C64"
  | "F8_E5M2"
  | "F8_E4M3"
  | "F8_E8M0"
  | "F6_E2M3"
  | "F6_E3M2"
  | "F4";

export interface ElementType {
  readonly bits: number;
  /** Reads all of these little-endian elements. Absent for types that JavaScript has no numbers for: their bytes can be had. */
  readonly read?: (bytes: Uint8Array) => TensorValues;
}

export const elementTypes: Readonly<Record<ElementTypeName, ElementType>> = {
  F64: typed(Float64Array),
  F32: typed(Float32Array),
  F16: half(fromHalf),
  BF16: half((bits) => fromBits(bits << 16)),
  I64: typed(BigInt64Array),
  I32: typed(Int32Array),
  I16: typed(Int16Array),
  I8: typed(Int8Array),
  U64: typed(BigUint64Array),
  U32: typed(Uint32Array),
  U16: typed(Uint16Array),
  U8: typed(Uint8Array),
  BOOL: typed(Uint8Array),
  C64: { bits: 64 },
  F8_E5M2: { bits: 8 },
  F8_E4M3: { bits: 8 },
  F8_E8M0: { bits: 8 },
  F6_E2M3: { bits: 6 },
  F6_E3M2: { bits: 6 },
  F4: { bits: 4 },
};

/** Elements that typed arrays hold as they are. */
function typed(array: {
  new (buffer: ArrayBuffer): TensorValues;
  readonly BYTES_PER_ELEMENT: number;
}): ElementType {
  const size = array.BYTES_PER_ELEMENT;
  return { bits: 8 * size, read: (bytes) => new array(fromLittleEndian(bytes, size)) };
}

/** Elements of 16 bits that become float32. */
function half(widen: (bits: number) => number): ElementType {
  const read = (bytes: Uint8Array) => Float32Array.from(new Uint16Array(fromLittleEndian(bytes, 2)), widen);
  return { bits: 16, read };
}

export function isElementType(name: unknown): name is ElementTypeName {
  return typeof name === "string" && Object.hasOwn(elementTypes, name);
}

const scratch = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return (sign === 0 ? fraction : -fraction) * 2 ** -24;
  if (exponent === 0x1f) return fromBits(sign | 0x7f800000 | (fraction << 13));
  return fromBits(sign | ((exponent + 112) << 23) | (fraction << 13));
}
