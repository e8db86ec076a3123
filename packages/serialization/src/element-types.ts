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
  /** Reads `count` little-endian elements. Absent for types that JavaScript has no numbers for: their bytes can be had. */
  readonly read?: (view: DataView, count: number) => TensorValues;
}

export const elementTypes: Readonly<Record<ElementTypeName, ElementType>> = {
  F64: { bits: 64, read: (view, n) => fill(new Float64Array(n), (i) => view.getFloat64(8 * i, true)) },
  F32: { bits: 32, read: (view, n) => fill(new Float32Array(n), (i) => view.getFloat32(4 * i, true)) },
  F16: {
    bits: 16,
    read: (view, n) => fill(new Float32Array(n), (i) => fromHalf(view.getUint16(2 * i, true))),
  },
  BF16: {
    bits: 16,
    read: (view, n) => fill(new Float32Array(n), (i) => fromBits(view.getUint16(2 * i, true) << 16)),
  },
  I64: { bits: 64, read: (view, n) => fill(new BigInt64Array(n), (i) => view.getBigInt64(8 * i, true)) },
  I32: { bits: 32, read: (view, n) => fill(new Int32Array(n), (i) => view.getInt32(4 * i, true)) },
  I16: { bits: 16, read: (view, n) => fill(new Int16Array(n), (i) => view.getInt16(2 * i, true)) },
  I8: { bits: 8, read: (view, n) => fill(new Int8Array(n), (i) => view.getInt8(i)) },
  U64: { bits: 64, read: (view, n) => fill(new BigUint64Array(n), (i) => view.getBigUint64(8 * i, true)) },
  U32: { bits: 32, read: (view, n) => fill(new Uint32Array(n), (i) => view.getUint32(4 * i, true)) },
  U16: { bits: 16, read: (view, n) => fill(new Uint16Array(n), (i) => view.getUint16(2 * i, true)) },
  U8: { bits: 8, read: (view, n) => fill(new Uint8Array(n), (i) => view.getUint8(i)) },
  BOOL: { bits: 8, read: (view, n) => fill(new Uint8Array(n), (i) => view.getUint8(i)) },
  C64: { bits: 64 },
  F8_E5M2: { bits: 8 },
  F8_E4M3: { bits: 8 },
  F8_E8M0: { bits: 8 },
  F6_E2M3: { bits: 6 },
  F6_E3M2: { bits: 6 },
  F4: { bits: 4 },
};

export function isElementType(name: unknown): name is ElementTypeName {
  return typeof name === "string" && Object.hasOwn(elementTypes, name);
}

function fill<Values extends { readonly length: number; [index: number]: number | bigint }>(
  values: Values,
  read: (index: number) => Values[number],
): Values {
  for (let index = 0; index < values.length; index++) values[index] = read(index);
  return values;
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
