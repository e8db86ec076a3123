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
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  bytes.push(value);
  return bytes;
}

/** A signed 32-bit integer; the upper half of the unsigned range (addresses above 2 GiB) is accepted and wraps. */
export function signed(value: number): number[] {
  if (!Number.isInteger(value) || value < -0x80000000 || value > 0xffffffff) {
    throw new RangeError(`assembler: ${value} is not a 32-bit integer`);
  }
  const bytes: number[] = [];
  value |= 0;
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 127) | 128);
  bytes.push(value & 127);
  return bytes;
}

/** A signed 64-bit integer. */
export function signed64(value: bigint): number[] {
  const bytes: number[] = [];
  value = BigInt.asIntN(64, value);
  for (; value < -64n || value > 63n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  bytes.push(Number(value & 127n));
  return bytes;
}
