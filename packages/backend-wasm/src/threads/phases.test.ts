import type { BufferSpec, Kernel, Program } from "@myelin/compiler";
import { describe, expect, test } from "vitest";
import type { Layout } from "../kernels/index.js";
import { type Part, phasesOf, type Touch, touchesOf } from "./phases.js";

const reads = (start: number, end = start + 10): Touch => ({ start, end, writes: false });
const writes = (start: number, end = start + 10): Touch => ({ start, end, writes: true });
const part = (split: boolean, ...touches: Touch[]): Part => ({
  index: 0,
  units: 1,
  split,
  touches,
});
const cuts = (...parts: Part[]) => phasesOf(parts).map(({ length }) => length);

test("threads wait between a writer and a reader, a reader and a writer, and two writers", () => {
  for (const [first, then] of [
    [writes(0), reads(9)],
    [reads(0), writes(9)],
    [writes(9), writes(0)],
  ] as const) {
    expect(cuts(part(true, first), part(true, then))).toEqual([1, 1]);
    expect(cuts(part(true, first), part(false, then))).toEqual([1, 1]);
    expect(cuts(part(false, first), part(true, then))).toEqual([1, 1]);
    expect(cuts(part(true, first), part(false, reads(90)), part(true, then))).toEqual([2, 1]);
  }
});

test("they do not wait where nothing is handed over, or where one thread does both", () => {
  expect(cuts(part(true, reads(0), writes(20)), part(true, reads(5), writes(30)))).toEqual([2]);
  expect(cuts(part(true, writes(0)), part(true, writes(10)))).toEqual([2]);
  expect(cuts(part(false, writes(0)), part(false, reads(0)), part(false, writes(0)))).toEqual([3]);
});

test("once they have waited, what came before does not count", () => {
  const [first, second] = [part(true, writes(0)), part(true, reads(0), writes(20))];
  expect(cuts(first, second, part(true, reads(0), writes(40)))).toEqual([1, 2]);
  expect(cuts(first, second, part(true, writes(0)))).toEqual([1, 1, 1]);
});

describe("what a kernel touches", () => {
  const buffer = (elements: number, dtype: "f32" | "u8" = "f32"): BufferSpec => ({
    name: "b",
    dtype,
    shape: [elements],
    elements,
    place: { kind: "scratch", byteOffset: 0 },
  });
  const program = { buffers: [buffer(100), buffer(50, "u8"), buffer(24)] } as unknown as Program;
  const layout: Layout = { addresses: [1000, 2000, 3000], types: ["f32", "u8", "f32"] };
  const one = (kernel: Kernel, sharedBytes = 0) => ({ kernel, units: 1, sharedBytes });

  test("is the range that it walks, in bytes, backwards too", () => {
    const kernel: Kernel = {
      family: "map",
      extents: [3, 5],
      body: [{ op: "load", type: "i32", address: { buffer: 1, offset: 20, strides: [0, -2] } }],
      stores: [{ address: { buffer: 0, offset: 10, strides: [5, 1] }, value: 0 }],
      origins: [],
    };
    expect(touchesOf(one(kernel), program, layout)).toEqual([
      { start: 2012, end: 2021, writes: false },
      { start: 1040, end: 1100, writes: true },
    ]);
  });

  test("is the whole buffer where rows are chosen while it runs", () => {
    const kernel: Kernel = {
      family: "map",
      extents: [4],
      body: [
        { op: "constant", type: "i32", value: 1 },
        {
          op: "load",
          type: "f32",
          address: { buffer: 0, offset: 2, strides: [0], indirect: { value: 0, stride: 5 } },
        },
      ],
      stores: [{ address: { buffer: 1, offset: 0, strides: [1] }, value: 0 }],
      origins: [],
    };
    expect(touchesOf(one(kernel), program, layout)[0]).toEqual({ start: 1000, end: 1400, writes: false });
  });

  test("includes both operands of a contraction, and what its functions hand over", () => {
    const kernel: Kernel = {
      family: "contraction",
      extents: [2, 3],
      body: [{ op: "accumulator", type: "f32" }],
      stores: [{ address: { buffer: 2, offset: 0, strides: [3, 1] }, value: 0 }],
      contraction: {
        extents: [4],
        left: { buffer: 0, offset: 0, strides: [4, 0], contractedStrides: [1] },
        right: { buffer: 2, offset: 12, strides: [0, 1], contractedStrides: [3] },
      },
      origins: [],
    };
    expect(touchesOf(one(kernel, 64), program, layout)).toEqual([
      { start: 1000, end: 1032, writes: false },
      { start: 3048, end: 3096, writes: false },
      { start: 3000, end: 3024, writes: true },
      { start: -1, end: 0, writes: true },
    ]);
  });
});
