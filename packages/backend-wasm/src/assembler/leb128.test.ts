import { expect, test } from "vitest";
import { flatten } from "./code.js";
import * as leb128 from "./leb128.js";

const unsigned = (value: number): number[] => [...flatten(leb128.unsigned(value))];
const signed = (value: number): number[] => [...flatten(leb128.signed(value))];

function decode(bytes: readonly number[], sign: boolean): bigint {
  let value = 0n;
  bytes.forEach((byte, index) => {
    value |= BigInt(byte & 127) << BigInt(7 * index);
  });
  return sign ? BigInt.asIntN(7 * bytes.length, value) : value;
}

test("examples of the DWARF standard", () => {
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(127)).toEqual([0x7f]);
  expect(unsigned(128)).toEqual([0x80, 0x01]);
  expect(unsigned(12857)).toEqual([0xb9, 0x64]);
  expect(signed(2)).toEqual([0x02]);
  expect(signed(-2)).toEqual([0x7e]);
  expect(signed(127)).toEqual([0xff, 0x00]);
  expect(signed(-127)).toEqual([0x81, 0x7f]);
  expect(signed(128)).toEqual([0x80, 0x01]);
  expect(signed(-129)).toEqual([0xff, 0x7e]);
});

test("both sides of every change of length decode to the same number in as few bytes as possible", () => {
  for (let bits = 0; bits <= 32; bits++) {
    for (const delta of [-1n, 0n, 1n]) {
      for (const sign of [1n, -1n]) {
        const value = sign * ((1n << BigInt(bits)) + delta);
        if (value >= -(1n << 31n) && value < 1n << 31n) {
          expect(decode(signed(Number(value)), true)).toBe(value);
          expect(signed(Number(value)).length).toBe(shortest(value));
        }
        if (value >= 0n && value < 1n << 32n) expect(decode(unsigned(Number(value)), false)).toBe(value);
      }
    }
  }
});

test("addresses above 2 GiB wrap as the machine sees them", () => {
  expect(signed(0xffffffff)).toEqual(signed(-1));
  expect(signed(0x80000000)).toEqual(signed(-0x80000000));
});

test("what does not fit is refused", () => {
  for (const value of [-1, 1.5, Number.NaN, 2 ** 32]) expect(() => unsigned(value)).toThrow(RangeError);
  for (const value of [0.5, Number.NaN, 2 ** 32, -(2 ** 31) - 1])
    expect(() => signed(value)).toThrow(RangeError);
});

function shortest(value: bigint): number {
  let bytes = 1;
  while (BigInt.asIntN(7 * bytes, value) !== value) bytes++;
  return bytes;
}
