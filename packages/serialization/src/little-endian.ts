import type { TensorValues } from "./element-types.js";

export const isLittleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of numbers in the order of the format, whatever the machine's; a copy. */
export function toLittleEndian(numbers: TensorValues): Uint8Array<ArrayBuffer> {
  return ordered(
    new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
    numbers.BYTES_PER_ELEMENT,
    isLittleEndian,
  );
}

/** Memory with the bytes of numbers in the machine's order; a copy. */
export function fromLittleEndian(bytes: Uint8Array, size: number): ArrayBuffer {
  return ordered(bytes, size, isLittleEndian).buffer;
}

/** A copy, with the bytes of each element turned round unless the order is right already. */
export function ordered(bytes: Uint8Array, size: number, isRight: boolean): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  if (!isRight)
    for (let start = 0; start < copy.length; start += size) copy.subarray(start, start + size).reverse();
  return copy;
}
