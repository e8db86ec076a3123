import { expect, test } from "vitest";
import { fromLittleEndian, ordered, toLittleEndian } from "./little-endian.js";

test("numbers and their bytes, least significant first", () => {
  expect([...toLittleEndian(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  expect([...toLittleEndian(Uint16Array.of(0x1234, 5).subarray(0, 1))]).toEqual([0x34, 0x12]);
  const bytes = Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f);
  expect(new Float64Array(fromLittleEndian(bytes.subarray(1), 8))).toEqual(Float64Array.of(1));
});

test("a machine that stores the most significant byte first turns every element round", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect([...ordered(bytes, 4, false)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
  expect([...ordered(bytes, 1, false)]).toEqual([...bytes]);
  expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
