import type { Initializer, Shape } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { fansOf } from "./fans.js";
import { initializers } from "./index.js";

const key = { seed: 3, stream: 11 };
const shape: Shape = [3, 3, 40, 20];

function statistics(initializer: Initializer) {
  const values = initializer.generate(shape, key);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { count: values.length, mean, variance, largest: Math.max(...values.map(Math.abs)) };
}

describe("fans", () => {
  it("count the receptive field of [..spatial, in, out]", () => {
    expect(fansOf([3, 5, 4, 8])).toEqual({ fanIn: 60, fanOut: 120 });
    expect(fansOf([784, 128])).toEqual({ fanIn: 784, fanOut: 128 });
    expect(fansOf([7])).toEqual({ fanIn: 7, fanOut: 7 });
    expect(fansOf([])).toEqual({ fanIn: 1, fanOut: 1 });
  });
});

describe("initializers", () => {
  const fanIn = 360;
  const fanOut = 180;
  const random: readonly [Initializer, variance: number, largest: number][] = [
    [initializers.uniform(), 0.1 ** 2 / 12, 0.05],
    [initializers.uniform({ low: -2, high: 2 }), 16 / 12, 2],
    [initializers.normal(), 0.05 ** 2, 0.3],
    [initializers.normal({ standardDeviation: 3 }), 9, 18],
    [initializers.truncatedNormal({ standardDeviation: 3 }), 9, (2 * 3) / 0.8796],
    [initializers.glorotUniform, 2 / (fanIn + fanOut), Math.sqrt(6 / (fanIn + fanOut))],
    [initializers.glorotNormal, 2 / (fanIn + fanOut), 2.274 * Math.sqrt(2 / (fanIn + fanOut))],
    [initializers.heUniform, 2 / fanIn, Math.sqrt(6 / fanIn)],
    [initializers.heNormal, 2 / fanIn, 2.274 * Math.sqrt(2 / fanIn)],
    [initializers.lecunUniform, 1 / fanIn, Math.sqrt(3 / fanIn)],
    [initializers.lecunNormal, 1 / fanIn, 2.274 * Math.sqrt(1 / fanIn)],
  ];

  for (const [initializer, variance, largest] of random) {
    it(`${JSON.stringify(initializer.config)} has the right mean, variance and bounds`, () => {
      const measured = statistics(initializer);
      // Four standard errors; the variance of a variance is at most 2 v² / n for these distributions.
      expect(Math.abs(measured.mean)).toBeLessThan(4 * Math.sqrt(variance / measured.count));
      expect(Math.abs(measured.variance / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / measured.count));
      expect(measured.largest).toBeLessThanOrEqual(Math.fround(largest) * (1 + 1e-6));
      expect(measured.largest).toBeGreaterThan(largest * 0.6);
    });
  }

  it("constants fill", () => {
    expect(initializers.zeros.generate([2], key)).toEqual(new Float32Array([0, 0]));
    expect(initializers.ones.generate([2, 1], key)).toEqual(new Float32Array([1, 1]));
    expect(initializers.constant(0.25).generate([], key)).toEqual(new Float32Array([0.25]));
  });

  it("depend on seed and stream, and on nothing else", () => {
    const once = initializers.heNormal.generate([4, 3], key);
    expect(initializers.heNormal.generate([4, 3], key)).toEqual(once);
    expect(initializers.heNormal.generate([4, 3], { ...key, seed: 4 })).not.toEqual(once);
    expect(initializers.heNormal.generate([4, 3], { ...key, stream: 12 })).not.toEqual(once);
  });

  it("give the values they gave before, on every machine", () => {
    expect([...initializers.glorotUniform.generate([2, 2], { seed: 1, stream: 2 })]).toMatchInlineSnapshot(`
      [
        -0.8659750819206238,
        0.0706997960805893,
        0.21671493351459503,
        0.1397191286087036,
      ]
    `);
    expect([
      ...initializers.truncatedNormal({ standardDeviation: 1 }).generate([4], { seed: 1, stream: 2 }),
    ]).toMatchInlineSnapshot(`
      [
        -1.447227120399475,
        -0.1756422370672226,
        1.2470329999923706,
        2.002268075942993,
      ]
    `);
  });

  it("refuse what they cannot use", () => {
    expect(() => initializers.constant(Number.NaN)).toThrow("[constant] expected a finite number as value");
    expect(() => initializers.uniform({ low: 1, high: 0 })).toThrow("[uniform] expected finite bounds");
    expect(() => initializers.normal({ standardDeviation: -1 })).toThrow("[normal] expected a finite mean");
  });
});
