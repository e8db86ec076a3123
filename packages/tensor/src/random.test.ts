import { describe, expect, it } from "vitest";
import { normal, permutation, streamOf, threefry, uniform } from "./random.js";

const hex = (word: number) => (word >>> 0).toString(16).padStart(8, "0");

describe("threefry", () => {
  // Known answers of Random123 (kat_vectors: threefry2x32, 20 rounds).
  it.each([
    [
      [0, 0, 0, 0],
      ["6b200159", "99ba4efe"],
    ],
    [
      [-1, -1, -1, -1],
      ["1cb996fc", "bb002be7"],
    ],
    [
      [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3],
      ["c4923a9c", "483df7a0"],
    ],
  ] as const)("agrees with the published vectors", ([key0, key1, counter0, counter1], words) => {
    expect(threefry(key0, key1, counter0, counter1).map(hex)).toEqual(words);
  });
});

describe("uniform", () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => uniform(1, 2, i));

  it("lies in [0, 1) and is exact in float32", () => {
    for (const number of numbers) {
      expect(number >= 0 && number < 1 && Math.fround(number) === number).toBe(true);
    }
  });

  it("has the mean and the variance of a uniform distribution", () => {
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it("depends on seed, stream, element and both words of the step", () => {
    const variants = [
      uniform(1, 2, 3),
      uniform(9, 2, 3),
      uniform(1, 9, 3),
      uniform(1, 2, 9),
      uniform(1, 2, 3, 1),
      uniform(1, 2, 3, 0, 1),
    ];
    expect(new Set(variants).size).toBe(variants.length);
  });
});

describe("normal", () => {
  it("has mean 0, variance 1 and light tails", () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => normal(3, 4, i));
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const variance = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    const within = numbers.filter((x) => Math.abs(x) < 1.959964).length / numbers.length;
    expect(Math.abs(within - 0.95)).toBeLessThan(0.01);
  });
});

describe("permutation", () => {
  it("contains every number once, in an order that depends on the round", () => {
    const first = permutation(1000, 1, 2, 0);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(first).not.toEqual(permutation(1000, 1, 2, 1));
    expect(first).toEqual(permutation(1000, 1, 2, 0));
  });

  it("prefers no place", () => {
    const counts = new Array<number>(5).fill(0);
    for (let round = 0; round < 5000; round++) {
      const place = permutation(5, 7, 7, round).indexOf(0);
      counts[place] = (counts[place] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe("streamOf", () => {
  it("is FNV-1a", () => {
    expect(hex(streamOf(""))).toBe("811c9dc5");
    expect(hex(streamOf("a"))).toBe("e40c292c");
    expect(hex(streamOf("foobar"))).toBe("bf9cf968");
  });
});
