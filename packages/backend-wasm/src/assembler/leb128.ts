import type { Code } from "./code.js";

/**
 * LEB128: seven bits a byte, least significant first, the high bit says that more follow.
 * Source: WebAssembly specification, 5.2.2 Integers.
 */
export function unsigned(value: number): Code {
  return groupsOfSeven(value, 0, 0);
}

/** A signed 32-bit integer; the upper half of the unsigned range (addresses above 2 GiB) is accepted and wraps. */
export function signed(value: number): Code {
  return groupsOfSeven(value, -0x80000000, -64);
}

/** The last byte holds one of the 128 numbers from `lowest` on. */
function groupsOfSeven(value: number, least: number, lowest: number): Code {
  if (!Number.isInteger(value) || value < least || value > 0xffffffff)
    throw new RangeError(`assembler: ${value} is not a 32-bit integer from ${least} on`);
  // Most numbers are small, and are not worth an array.
  if (value >= lowest && value < lowest + 128) return value & 127;
  const bytes: number[] = [];
  let rest = lowest < 0 ? value | 0 : value;
  for (; rest < lowest || rest >= lowest + 128; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  bytes.push(rest & 127);
  return bytes;
}
