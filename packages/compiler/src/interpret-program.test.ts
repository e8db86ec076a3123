import { uniform } from "@myelin/tensor";
import { describe, expect, test } from "vitest";
import type { TypedArray } from "./backend.js";
import { interpretProgram } from "./interpret-program.js";
import type { Instruction, Kernel, Program, StorageType, Store } from "./program.js";

const f32 = (...values: number[]) => Float32Array.from(values);
const i32 = (...values: number[]) => Int32Array.from(values);

/** Runs one kernel over arrays that are its buffers, and returns them. */
function run(
  kernel: Partial<Kernel> & Pick<Kernel, "extents" | "body" | "stores">,
  ...memory: TypedArray[]
): TypedArray[] {
  const dtype = (array: TypedArray): StorageType =>
    array instanceof Float32Array ? "f32" : array instanceof Int32Array ? "i32" : "u8";
  const program: Program = {
    name: "test",
    buffers: memory.map((data, i) => ({
      name: `b${i}`,
      dtype: dtype(data),
      shape: [data.length],
      elements: data.length,
      place: { kind: "constant", data },
    })),
    kernels: [{ family: "map", origins: [], ...kernel }],
    scratchBytes: 0,
    inputs: {},
    outputs: {},
  };
  interpretProgram(program, memory);
  return memory;
}

function load(buffer: number, strides: number[], offset = 0, type: "f32" | "i32" = "f32"): Instruction {
  return { op: "load", type, address: { buffer, offset, strides } };
}

function store(buffer: number, strides: number[], value: number, offset = 0): Store {
  return { address: { buffer, offset, strides }, value };
}

describe("map", () => {
  test("walks with strides of any sign, broadcasts with zero", () => {
    const [, , out] = run(
      {
        extents: [2, 3],
        body: [load(0, [3, -1], 2), load(1, [1, 0]), { op: "add", type: "f32", left: 0, right: 1 }],
        stores: [store(2, [1, 2], 2)],
      },
      f32(1, 2, 3, 4, 5, 6),
      f32(10, 20),
      new Float32Array(6),
    );
    expect([...out!]).toEqual([13, 26, 12, 25, 11, 24]);
  });

  test("rounds every operation to f32", () => {
    const body: Instruction[] = [
      load(0, [1]),
      { op: "constant", type: "f32", value: 0.1 },
      { op: "multiply", type: "f32", left: 0, right: 1 },
      { op: "exp", type: "f32", input: 2 },
    ];
    const [x, y] = run(
      { extents: [3], body, stores: [store(1, [1], 3)] },
      f32(0.3, 7, -2),
      new Float32Array(3),
    );
    expect([...y!]).toEqual([...x!].map((v) => Math.fround(Math.exp(Math.fround(v * Math.fround(0.1))))));
  });

  test("a kernel without extents runs once", () => {
    const [, out] = run({ extents: [], body: [load(0, [])], stores: [store(1, [], 0)] }, f32(7), f32(0));
    expect([...out!]).toEqual([7]);
  });

  test("integers wrap, divide towards zero, and give zero for a division by zero", () => {
    const integer = (op: "add" | "multiply" | "divide"): Instruction => ({
      op,
      type: "i32",
      left: 0,
      right: 1,
    });
    const results = (["add", "multiply", "divide"] as const).map((op) => {
      const body = [load(0, [1], 0, "i32"), load(1, [1], 0, "i32"), integer(op)];
      const [, , out] = run(
        { extents: [5], body, stores: [store(2, [1], 2)] },
        i32(2147483647, -7, 7, -(2 ** 31), 5),
        i32(2, 2, -2, -1, 0),
        new Int32Array(5),
      );
      return [...out!];
    });
    expect(results).toEqual([
      [-2147483647, -5, 5, 2147483647, 5],
      [-2, -14, -14, -(2 ** 31), 0],
      [0x3fffffff, -3, -3, -(2 ** 31), 0],
    ]);
  });

  test("casts saturate, widen bytes, and count booleans", () => {
    const body: Instruction[] = [
      load(0, [1]),
      { op: "cast", type: "i32", input: 0 },
      load(1, [1], 0, "i32"),
      { op: "cast", type: "f32", input: 2 },
      { op: "compare", type: "bool", comparison: "lessOrEqual", left: 0, right: 3 },
      { op: "cast", type: "i32", input: 4 },
    ];
    const [, , whole, counted] = run(
      { extents: [4], body, stores: [store(2, [1], 1), store(3, [1], 5)] },
      f32(1e20, -1e20, Number.NaN, -2.7),
      Uint8Array.of(0, 255, 255, 255),
      new Int32Array(4),
      new Int32Array(4),
    );
    expect([...whole!]).toEqual([2147483647, -2147483648, 0, -2]);
    expect([...counted!]).toEqual([0, 1, 0, 1]);
  });

  test("gathers rows and scatters them back in row-major order", () => {
    const rows = i32(2, 0, 2);
    const table = f32(1, 2, 3, 4, 5, 6);
    const index: Instruction = load(1, [1, 0], 0, "i32");
    const gathered = run(
      {
        extents: [3, 2],
        body: [
          index,
          {
            op: "load",
            type: "f32",
            address: { buffer: 0, offset: 0, strides: [0, 1], indirect: { value: 0, stride: 2 } },
          },
        ],
        stores: [store(2, [2, 1], 1)],
      },
      table,
      rows,
      new Float32Array(6),
    )[2]!;
    expect([...gathered]).toEqual([5, 6, 1, 2, 5, 6]);
    const added = run(
      {
        extents: [3, 2],
        body: [index, load(0, [2, 1])],
        stores: [
          {
            address: { buffer: 2, offset: 0, strides: [0, 1], indirect: { value: 0, stride: 2 } },
            value: 1,
            accumulate: true,
          },
        ],
      },
      gathered,
      rows,
      f32(0, 0, 100, 100, 0, 0),
    )[2]!;
    expect([...added]).toEqual([1, 2, 100, 100, 10, 12]);
  });

  test("select takes NaN from one side only; maximum and minimum pass it", () => {
    const body: Instruction[] = [
      load(0, [1]),
      { op: "constant", type: "f32", value: 0 },
      { op: "compare", type: "bool", comparison: "less", left: 1, right: 0 },
      // biome-ignore lint/suspicious/noThenProperty: a field of the instruction, no promise
      { op: "select", type: "f32", condition: 2, then: 0, otherwise: 1 },
      { op: "maximum", type: "f32", left: 0, right: 1 },
      { op: "minimum", type: "f32", left: 1, right: 0 },
    ];
    const stores = [store(1, [1], 3), store(2, [1], 4), store(3, [1], 5)];
    const out = () => new Float32Array(3);
    const [, chosen, high, low] = run(
      { extents: [3], body, stores },
      f32(-1, 2, Number.NaN),
      out(),
      out(),
      out(),
    );
    expect([...chosen!]).toEqual([0, 2, 0]);
    expect([...high!]).toEqual([0, 2, Number.NaN]);
    expect([...low!]).toEqual([-1, 0, Number.NaN]);
  });

  test("random numbers are those of the generator", () => {
    const body: Instruction[] = [
      load(0, [0], 0, "i32"),
      load(0, [0], 1, "i32"),
      load(0, [0], 2, "i32"),
      { op: "index", type: "i32", offset: 3, strides: [5] },
      { op: "random", type: "f32", stream: -77, seed: 0, stepLow: 1, stepHigh: 2, element: 3 },
    ];
    const [, out] = run(
      { extents: [3], body, stores: [store(1, [1], 4)] },
      i32(42, 9, 1),
      new Float32Array(3),
    );
    expect([...out!]).toEqual([3, 8, 13].map((element) => uniform(42, -77, element, 9, 1)));
  });
});

describe("row", () => {
  test("softmax: two reductions in one pass, results per element and per row", () => {
    const body: Instruction[] = [
      load(0, [3, 1]),
      { op: "reduce", type: "f32", reduction: "maximum", input: 0 },
      { op: "subtract", type: "f32", left: 0, right: 1 },
      { op: "exp", type: "f32", input: 2 },
      { op: "reduce", type: "f32", reduction: "sum", input: 3 },
      { op: "divide", type: "f32", left: 3, right: 4 },
    ];
    const [, soft, largest] = run(
      { family: "row", extents: [2, 3], body, stores: [store(1, [3, 1], 5), store(2, [1, 0], 1)] },
      f32(1, 2, 3, 500, 400, 500),
      new Float32Array(6),
      new Float32Array(2),
    );
    const total = Math.exp(-2) + Math.exp(-1) + 1;
    [Math.exp(-2) / total, Math.exp(-1) / total, 1 / total, 0.5, 0, 0.5].forEach((expected, i) => {
      expect(soft![i]).toBeCloseTo(expected, 6);
    });
    expect([...largest!]).toEqual([3, 500]);
  });

  test("a value stored once per row may accumulate in place", () => {
    const body: Instruction[] = [
      load(0, [1]),
      { op: "reduce", type: "f32", reduction: "sum", input: 0 },
      load(1, [0]),
      { op: "add", type: "f32", left: 1, right: 2 },
    ];
    const [, total] = run(
      { family: "row", extents: [4], body, stores: [store(1, [0], 3)] },
      f32(1, 2, 3, 4),
      f32(100),
    );
    expect([...total!]).toEqual([110]);
  });

  test("sums round, or wrap, after every addition; the maximum passes NaN", () => {
    const sum = (type: "f32" | "i32", reduction: "sum" | "maximum", memory: TypedArray) => {
      const body: Instruction[] = [load(0, [1], 0, type), { op: "reduce", type, reduction, input: 0 }];
      const out = type === "f32" ? new Float32Array(1) : new Int32Array(1);
      return run(
        { family: "row", extents: [memory.length], body, stores: [store(1, [0], 1)] },
        memory,
        out,
      )[1]![0];
    };
    expect(sum("f32", "sum", f32(2 ** 24, 1, 1))).toBe(2 ** 24);
    expect(sum("i32", "sum", i32(2 ** 31 - 1, 1, 1))).toBe(-(2 ** 31) + 1);
    expect(sum("f32", "maximum", f32(1, Number.NaN, 3))).toBeNaN();
    expect(sum("f32", "maximum", f32(-Infinity, -Infinity))).toBe(-Infinity);
    expect(sum("i32", "maximum", i32(-5, -9))).toBe(-5);
  });
});

describe("column", () => {
  test("reduces the second-last extent; stores once per column and once per element", () => {
    const body: Instruction[] = [
      load(0, [6, 2, 1]),
      { op: "multiply", type: "f32", left: 0, right: 0 },
      { op: "reduce", type: "f32", reduction: "sum", input: 1 },
      { op: "reduce", type: "f32", reduction: "maximum", input: 0 },
      { op: "subtract", type: "f32", left: 2, right: 3 },
    ];
    const [, columns, squares] = run(
      {
        family: "column",
        extents: [2, 3, 2],
        body,
        stores: [store(1, [2, 0, 1], 4), store(2, [6, 2, 1], 1)],
      },
      f32(1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6),
      new Float32Array(4),
      new Float32Array(12),
    );
    expect([...columns!]).toEqual([35 - 5, 56 - 6, 35 + 1, 56 + 2]);
    expect([...squares!]).toEqual([1, 4, 9, 16, 25, 36, 1, 4, 9, 16, 25, 36]);
  });
});

describe("contraction", () => {
  const kernel = (body: Instruction[], stores: Store[]): Kernel => ({
    family: "contraction",
    extents: [2, 3],
    body,
    stores,
    contraction: {
      extents: [2],
      left: { buffer: 0, offset: 0, strides: [2, 0], contractedStrides: [1] },
      right: { buffer: 1, offset: 0, strides: [0, 1], contractedStrides: [3] },
    },
    origins: [],
  });

  test("matrix product with bias and relu on its result", () => {
    const body: Instruction[] = [
      { op: "accumulator", type: "f32" },
      load(2, [0, 1]),
      { op: "add", type: "f32", left: 0, right: 1 },
      { op: "constant", type: "f32", value: 0 },
      { op: "maximum", type: "f32", left: 2, right: 3 },
    ];
    const out = run(
      kernel(body, [store(3, [3, 1], 4)]),
      f32(1, 2, -3, 4),
      f32(1, 2, 3, 4, 5, 6),
      f32(0.5, 0, -100),
      new Float32Array(6),
    )[3]!;
    expect([...out]).toEqual([9.5, 12, 0, 13.5, 14, 0]);
  });

  test("rounds every product and every sum", () => {
    const a = f32(1 / 3, 1 / 7, 0.1, 3);
    const b = f32(0.1, 0.2, 0.3, 1 / 3, 1 / 9, 1 / 11);
    const body: Instruction[] = [{ op: "accumulator", type: "f32" }];
    const out = run(kernel(body, [store(2, [3, 1], 0)]), a, b, new Float32Array(6))[2]!;
    const at = (row: number, n: number) =>
      Math.fround(Math.fround(a[2 * row]! * b[n]!) + Math.fround(a[2 * row + 1]! * b[3 + n]!));
    expect([...out]).toEqual([0, 1, 2].flatMap((n) => at(0, n)).concat([0, 1, 2].map((n) => at(1, n))));
  });
});
