import { expect, test } from "vitest";
import { DataFormatError } from "./data-format-error.js";
import { readIdx, readIdxBytes } from "./idx.js";

function file(code: number, shape: readonly number[], elements: ArrayLike<number>): Uint8Array {
  const extents = shape.flatMap((extent) => [
    extent >>> 24,
    (extent >>> 16) & 255,
    (extent >>> 8) & 255,
    extent & 255,
  ]);
  return Uint8Array.from([0, 0, code, shape.length, ...extents, ...Array.from(elements)]);
}

test("bytes are a view of the file", () => {
  const bytes = file(8, [2, 3], [1, 2, 3, 4, 5, 6]);
  const { data, shape } = readIdx(bytes);
  expect(shape).toEqual([2, 3]);
  expect(data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect(data.buffer).toBe(bytes.buffer);
  expect(Object.getPrototypeOf(readIdx(Buffer.from(bytes)).data)).toBe(Uint8Array.prototype);
});

test("a file may lie anywhere in its buffer", () => {
  const inner = file(11, [1, 2], [255, 254, 1, 0]);
  const outer = new Uint8Array(inner.length + 7);
  outer.set(inner, 5);
  expect(readIdx(outer.subarray(5, 5 + inner.length)).data).toEqual(Int16Array.of(-2, 256));
});

test("all element types are read, big-endian", () => {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, -0.1);
  expect(readIdx(file(14, [1], new Uint8Array(bytes.buffer))).data).toEqual(Float64Array.of(-0.1));
  bytes.setFloat32(0, 1.5);
  bytes.setFloat32(4, -2);
  expect(readIdx(file(13, [2], new Uint8Array(bytes.buffer))).data).toEqual(Float32Array.of(1.5, -2));
  expect(readIdx(file(12, [1], [255, 255, 255, 255])).data).toEqual(Int32Array.of(-1));
  expect(readIdx(file(9, [2], [255, 1])).data).toEqual(Int8Array.of(-1, 1));
});

test.each([
  ["empty", new Uint8Array(0)],
  ["another magic number", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0)],
  ["an unknown element type", file(10, [1], [1])],
  ["no axes", file(8, [], [1])],
  ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0)],
  ["truncated extents", file(8, [2, 3], []).subarray(0, 9)],
  ["truncated elements", file(8, [2, 3], [1, 2, 3, 4, 5])],
  ["too many elements", file(12, [1], [1, 2, 3, 4, 5])],
  ["huge extents", file(8, [0xffffffff, 0xffffffff, 0xffffffff], [])],
])("%s is an error", (_, bytes) => {
  expect(() => readIdx(bytes)).toThrow(DataFormatError);
  expect(() => readIdx(bytes)).toThrowErrorMatchingSnapshot();
});

test("no part of a file reads as a whole one", () => {
  const whole = file(12, [2, 2], new Uint8Array(16));
  for (let length = 0; length < whole.length; length++) {
    expect(() => readIdx(whole.subarray(0, length))).toThrow(DataFormatError);
  }
  expect(readIdx(whole).data).toHaveLength(4);
});

test("shapes and elements can be asked for", () => {
  const bytes = file(8, [2, 3], [1, 2, 3, 4, 5, 6]);
  expect(readIdxBytes(bytes, [-1, 3]).shape).toEqual([2, 3]);
  expect(() => readIdxBytes(bytes, [-1, 28, 28])).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [IDX] expected [any, 28, 28] unsigned bytes, received [2, 3] unsigned bytes (byte 0).]`,
  );
  expect(() => readIdxBytes(bytes, [-1, 2])).toThrow(DataFormatError);
  expect(() => readIdxBytes(file(9, [1, 3], [1, 2, 3]), [-1, 3])).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [IDX] expected [any, 3] unsigned bytes, received [1, 3] signed bytes (byte 0).]`,
  );
});
