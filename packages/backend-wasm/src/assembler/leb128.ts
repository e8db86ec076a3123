/**
 * LEB128: seven bits a byte, least significant first, the high bit says that more follow.
 * Source: WebAssembly specification, 5.2.2 Integers.
 */
export function unsigned(value: number): number[] {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(
      `assembler: ${value} is not an unsigned 32-bit integer (an offset, a lane or an index)`,
    );
  }
  return groupsOfSeven(value, 0);
}

/** A signed 32-bit integer; the upper half of the unsigned range (addresses above 2 GiB) is accepted and wraps. */
export function signed(value: number): number[] {
  if (!Number.isInteger(value) || value < -0x80000000 || value > 0xffffffff) {
    throw new RangeError(`assembler: ${value} is not a 32-bit integer`);
  }
  return groupsOfSeven(value | 0, -64);
}

/** The last byte holds one of the 128 numbers from `lowest` on. */
function groupsOfSeven(value: number, lowest: number): number[] {
  const bytes: number[] = [];
  for (; value < lowest || value >= lowest + 128; value = Math.floor(value / 128))
    bytes.push((value & 127) | 128);
  bytes.push(value & 127);
  return bytes;
}
