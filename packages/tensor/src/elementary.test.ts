import { describe, expect, it } from "vitest";
import { complementaryErrorFunction } from "./complementary-error-function.js";
import {
  cosine,
  exponential,
  exponentialMinusOne,
  hyperbolicTangent,
  logarithmOfOnePlus,
  logisticSigmoid,
  naturalLogarithm,
  sine,
} from "./elementary.js";
import { uniform } from "./random.js";
import { scalars } from "./scalars.js";

const points = (low: number, high: number) =>
  Array.from({ length: 4000 }, (_, i) => low + (high - low) * uniform(1, low, i));

describe("elementary functions agree with Math to a few units in the last place", () => {
  it("exponential", () => {
    for (const x of points(-700, 700)) expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(6e-16);
    expect([exponential(0), exponential(-800), exponential(800), exponential(Number.NaN)]).toEqual([
      1,
      0,
      Infinity,
      Number.NaN,
    ]);
    expect(exponential(-745)).toBe(Math.exp(-745));
  });

  it("naturalLogarithm", () => {
    for (const x of points(-300, 300).map((power) => 10 ** power)) {
      expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThanOrEqual(
        4e-16 * Math.max(1, Math.abs(Math.log(x))),
      );
    }
    expect([1, 0, -1, Infinity, Number.NaN].map(naturalLogarithm)).toEqual([
      0,
      -Infinity,
      Number.NaN,
      Infinity,
      Number.NaN,
    ]);
    expect(naturalLogarithm(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
  });

  /** Numbers of both signs, as many small as large ones, and those that functions treat apart. */
  const arguments_ = [
    ...points(-40, 6).map((power, i) => (i % 2 === 0 ? exponential(power) : -exponential(power))),
    ...[
      0,
      -0,
      1,
      -1,
      0.35,
      -0.35,
      5e-324,
      1e-300,
      709.5,
      -745,
      1e300,
      -1e300,
      Infinity,
      -Infinity,
      Number.NaN,
    ],
  ];

  it.each([
    ["exponentialMinusOne", exponentialMinusOne, Math.expm1],
    ["hyperbolicTangent", hyperbolicTangent, Math.tanh],
    [
      "logisticSigmoid",
      logisticSigmoid,
      (x: number) => (x < 0 ? Math.exp(x) : 1) / (1 + Math.exp(-Math.abs(x))),
    ],
    ["logarithmOfOnePlus", logarithmOfOnePlus, Math.log1p],
  ])("%s", (_, own, engine) => {
    for (const x of arguments_) {
      const [value, expected] = [own(x), engine(x)];
      if (Number.isFinite(expected) && expected !== 0)
        expect(Math.abs(value / expected - 1)).toBeLessThan(2e-15);
      else expect(value).toBe(expected);
    }
  });

  it("sine and cosine", () => {
    for (const x of [...points(-10, 10), ...points(-1e6, 1e6)]) {
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(4e-16 + 1e-16 * Math.abs(x) * 1e-3);
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(4e-16 + 1e-16 * Math.abs(x) * 1e-3);
    }
    expect([sine(0), sine(-0), sine(Infinity), cosine(Number.NaN)]).toEqual([0, -0, Number.NaN, Number.NaN]);
  });

  it("sine and cosine of large arguments, to half the distance of their neighbours", () => {
    for (const x of points(6, 15).map((power) => 10 ** power)) {
      expect(Math.abs(sine(x) - Math.sin(x))).toBeLessThan(1.2e-16 * x);
      expect(Math.abs(cosine(x) - Math.cos(x))).toBeLessThan(1.2e-16 * x);
      expect(Math.abs(sine(x))).toBeLessThanOrEqual(1);
    }
  });
});

describe("functions of the interpreters have the same bits in every engine and on every processor", () => {
  /** FNV-1a over the bits. `npm run runtimes` compares more of them. */
  const fingerprint = (values: Float64Array) =>
    new Uint32Array(values.buffer).reduce((hash, word) => Math.imul(hash ^ word, 0x01000193), 0x811c9dc5) >>>
    0;

  it.each([
    ["exp", 0x107f4b7e],
    ["expm1", 0xac74aba2],
    ["log", 0xf4e332f5],
    ["log1p", 0x026d77ea],
    ["sqrt", 0x2578d540],
    ["tanh", 0x9e9859a9],
    ["sigmoid", 0x93de9b2f],
    ["erfc", 0x38aa8ca3],
    ["sin", 0xf57e5021],
    ["cos", 0x896a9971],
  ] as const)("%s", (name, expected) => {
    const below = name === "log" || name === "sqrt" ? 1e-9 : name === "log1p" ? -0.999 : -20;
    expect(fingerprint(Float64Array.from(points(below, 20), scalars[name]))).toBe(expected);
  });
});

describe("complementaryErrorFunction", () => {
  // Tabulated values (Abramowitz and Stegun, tables 7.1 and 7.3, with more digits).
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [10, 2.088487583762545e-45],
    [-1, 1.842700792949715],
    [Infinity, 0],
    [-Infinity, 2],
  ])("erfc(%d) = %d", (x, expected) => {
    expect(Math.abs(complementaryErrorFunction(x) - expected)).toBeLessThanOrEqual(1e-13 * expected);
  });
});
