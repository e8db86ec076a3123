import { describe, expect, test } from "vitest";
import { moduleBuilder, v128 } from "../assembler/index.js";
import { inPlace } from "../testing/in-place.js";
import { cos, erfc, exp, expm1, log, log1p, sigmoid, sin, tanh, type VectorFunction } from "./index.js";

const infinity = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

/** Exact expectations, as pairs of argument and result. */
const cases: Record<string, [VectorFunction, [number, number][]]> = {
  exp: [
    exp,
    [
      [0, 1],
      [-infinity, 0],
      [infinity, infinity],
      [88.7229, infinity],
      [-87.3367, 0],
      [-1000, 0],
      [1e38, infinity],
      [-1e38, 0],
      [1e-38, 1],
    ],
  ],
  expm1: [
    expm1,
    [
      [0, 0],
      [-infinity, -1],
      [infinity, infinity],
      [88.7229, infinity],
      [-1e38, -1],
      [1e-7, Math.expm1(Math.fround(1e-7))],
      [-1e-30, -1e-30],
    ],
  ],
  log: [
    log,
    [
      [1, 0],
      [0, -infinity],
      [-0, -infinity],
      [infinity, infinity],
      [-1, nan],
      [-infinity, nan],
      [-1e-45, nan],
      [2 ** -149, -149 * Math.LN2],
    ],
  ],
  log1p: [
    log1p,
    [
      [0, 0],
      [-1, -infinity],
      [infinity, infinity],
      [-1.0000001, nan],
      [-infinity, nan],
      [1e-7, Math.log1p(Math.fround(1e-7))],
      [-1e-30, -1e-30],
      [1e-44, 1e-44],
      [3.4e38, Math.log(3.4e38)],
    ],
  ],
  tanh: [
    tanh,
    [
      [0, 0],
      [infinity, 1],
      [-infinity, -1],
      [9, 1],
      [-1e38, -1],
      [1e-7, 1e-7],
      [-1e-38, -1e-38],
    ],
  ],
  sigmoid: [
    sigmoid,
    [
      [0, 0.5],
      [infinity, 1],
      [-infinity, 0],
      [1e38, 1],
      [-1e38, 0],
      [-89, 0],
      [20, 1],
    ],
  ],
  erfc: [
    erfc,
    [
      [0, 1],
      [infinity, 0],
      [-infinity, 2],
      [1e38, 0],
      [-1e38, 2],
      [-5, 2],
      [9.2, 0],
      [1e-38, 1],
    ],
  ],
  sin: [
    sin,
    [
      [0, 0],
      [infinity, nan],
      [-infinity, nan],
      [2e6, nan],
      [1e-7, 1e-7],
      [-1e-38, -1e-38],
    ],
  ],
  cos: [
    cos,
    [
      [0, 1],
      [infinity, nan],
      [-infinity, nan],
      [-2e6, nan],
      [1e-7, 1],
    ],
  ],
};

// A quiet NaN whose low bits are set: integer arithmetic on them may not turn it into a number.
const strangeNan = new Float32Array(Uint32Array.of(0xffffffff, 0x7fc001ff, 0x7f800001).buffer);

describe.for(Object.entries(cases))("%s", ([, [emit, pairs]]) => {
  test("is exact at its limits", () => {
    const outputs = apply(
      emit,
      Float32Array.from(pairs, ([x]) => x),
    );
    const wanted = pairs.map(([, y]) => Math.fround(y));
    // Plus zero makes +0 of -0: the sign of a zero is not specified.
    expect([...outputs].map((y) => y + 0)).toEqual(wanted.map((y) => y + 0));
  });

  test("passes NaN", () => {
    expect([...apply(emit, strangeNan)]).toEqual([nan, nan, nan]);
  });
});

function apply(emit: VectorFunction, x: Float32Array): Float32Array {
  const module = moduleBuilder();
  module.importMemory("host", "memory", { initial: 1 });
  const kernel = module.function("kernel", ["i32"], "void", (builder, at) =>
    inPlace(builder, emit, v128.load(at), (value) => v128.store(at, value)),
  );
  module.export("kernel", kernel);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { host: { memory } });
  const cells = new Float32Array(memory.buffer, 0, x.length);
  cells.set(x);
  for (let at = 0; at < 4 * x.length; at += 16) (instance.exports.kernel as (at: number) => void)(at);
  return cells.slice();
}
