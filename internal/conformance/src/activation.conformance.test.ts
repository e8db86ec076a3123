import * as activations from "@myelin/activations";
import { type Activation, gradient, interpretGraph, multiply, parameter, sum, tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { expectClose } from "./closeness.js";
import { checkGradient, randomNumbers } from "./differences.js";
import { evaluateOnEngine } from "./engine.js";
import { type GoldenTensor, golden } from "./golden.js";
import { expectRebuildable, itHasGolden, membersOf, rebuild } from "./members.js";

const tools = ["defineActivation"];
const members = membersOf<Activation>(activations, {
  tools,
  calls: {
    leakyRelu: [[], [{ slope: 0.25 }], [{ slope: 1 }]],
    elu: [[], [{ alpha: 0.5 }]],
    celu: [[], [{ alpha: 2 }]],
    gelu: [[], [{ approximate: "tanh" }]],
  },
});

/** The functions of whole rows, on rows in f64. */
const ofRows: Readonly<Record<string, (row: readonly number[]) => readonly number[]>> = {
  softmax: (row) => logSoftmaxOf(row).map(Math.exp),
  logSoftmax: logSoftmaxOf,
};

function logSoftmaxOf(row: readonly number[]): readonly number[] {
  const top = Math.max(...row);
  const total = row.reduce((sum, x) => sum + Math.exp(x - top), 0);
  return row.map((x) => x - top - Math.log(total));
}

const ordinary = [...randomNumbers("activations", 20)].map((x) => 3 * x);
const extremes = [
  0, -0, 1e-38, -1e-38, 0.01, -0.01, 15, -15, 88, -88, 89, -89, 104, -104, 1e4, -1e4, 1e20, -1e20,
];
const endless = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

for (const { label, value: activation } of members) {
  describe(label, () => {
    const z = (size: number) => parameter("z", [size]);
    const { reference, kinks, range } = activation;
    const isFarFromKinks = (x: number) => kinks.every((kink) => Math.abs(x - kink) > 1e-3);

    it("keeps the shape and is named like its export", () => {
      expect(activation.forward(parameter("z", [2, 3])).shape).toEqual([2, 3]);
      expect(activation.name).toBe(activation.config.kind);
    });

    it("is rebuilt from its config", () => {
      const rebuilt = expectRebuildable(activation, activations);
      const x = tensor(ordinary, [4, 5]);
      expect(rebuilt.forward(x)).toBe(activation.forward(x));
    });

    it("has the gradient that differences show", () => {
      checkGradient(
        activation.forward,
        [4, 5],
        ordinary.map((x) => (isFarFromKinks(x) ? x : x + 0.01)),
      );
    });

    if (reference === undefined) {
      it("agrees with its definition on rows", () => {
        const rows = [
          ordinary.slice(0, 5),
          ordinary.slice(5, 10),
          [1e4, -1e4, 0, 88, 1e4],
          [-3e38, 3e38, 0, 1, 2],
        ];
        const definition = ofRows[label];
        if (definition === undefined) throw new Error(`Say what ${label} computes in this test.`);
        const [y] = evaluateOnEngine([activation.forward(tensor(rows))]);
        const expected = rows.map((row) => row.map(Math.fround)).flatMap(definition);
        expectClose(y as ArrayLike<number>, expected.map(Math.fround));
      });

      it("has a finite gradient at extremes", () => {
        const x = parameter("x", [3, 4]);
        const rows = [1e4, -1e4, 0, 88, 1e-38, -0, 0, 0, -104, -1e4, -1e4, -1e4];
        const cotangent = tensor(randomNumbers("rows", 12), [3, 4]);
        const dx = gradient(sum(multiply(activation.forward(x), cotangent)), x);
        const [computed] = evaluateOnEngine([dx], new Map([[x, rows]]));
        const [exact] = interpretGraph([dx], { precision: "f64", values: new Map([[x, rows]]) });
        expectClose(computed as ArrayLike<number>, exact as Float64Array);
        expect((exact as Float64Array).every(Number.isFinite)).toBe(true);
      });
      return;
    }

    it("agrees with its reference, at extremes and at infinity too", () => {
      const points = [...ordinary, ...extremes, ...endless].map(Math.fround);
      const x = z(points.length);
      const [y] = evaluateOnEngine([activation.forward(x)], new Map([[x, points]]));
      expectClose(
        y as ArrayLike<number>,
        points.map((point) => Math.fround(reference(point))),
      );
      const [exact] = interpretGraph([activation.forward(x)], {
        precision: "f64",
        values: new Map([[x, points]]),
      });
      expectClose(exact as Float64Array, points.map(reference), { relative: 1e-13, absolute: 1e-13 });
    });

    it("lets NaN through", () => {
      const [y] = evaluateOnEngine([activation.forward(tensor([Number.NaN]))]);
      expect((y as ArrayLike<number>)[0]).toBeNaN();
    });

    it("stays in its range, and gets near both ends", () => {
      const grid = Array.from({ length: 200 }, (_, i) => i / 20 - 5);
      // Where a logarithm is large, too.
      const far = [1e300, -1e300];
      const points = [...ordinary, ...extremes, ...far, ...grid];
      const [low, high] = range;
      const slack = low === -Infinity ? 1e-9 : 1e-9 * Math.max(1, Math.abs(low));
      const values = points.map(reference);
      const outside = points.filter((_, i) => {
        const value = values[i] as number;
        return !(value >= low - slack && value <= high + slack);
      });
      expect(outside, `points whose values leave [${low}, ${high}]`).toEqual([]);
      expect(Math.min(...values)).toBeLessThan(low === -Infinity ? -99 : low + 0.01);
      expect(Math.max(...values)).toBeGreaterThan(high === Infinity ? 99 : high - 0.01);
    });

    it("has the derivative of its reference at extremes, and one between both sides at kinks", () => {
      const points = [...extremes, ...kinks].map(Math.fround);
      const x = z(points.length);
      const dx = gradient(sum(activation.forward(x)), x);
      const [computed] = evaluateOnEngine([dx], new Map([[x, points]]));
      points.forEach((point, i) => {
        const actual = (computed as ArrayLike<number>)[i] as number;
        const [left, right] = slopes(reference, point);
        const [low, high] = [Math.min(left, right), Math.max(left, right)];
        const slack = 1e-5 + 1e-4 * Math.abs(high);
        const overflows = !Number.isFinite(Math.fround(reference(point)));
        if (overflows) expect(actual).toBe(Number.POSITIVE_INFINITY);
        else {
          const between = `derivative at ${point}: ${actual}, of the reference ${left} to the left and ${right} to the right`;
          expect(actual >= low - slack && actual <= high + slack, between).toBe(true);
        }
      });
    });

    it("has kinks where it says, and nowhere else", () => {
      const jumps = (x: number) => {
        const [left, right] = slopes(reference, x);
        const across = (reference(x + 1e-6) - reference(x - 1e-6)) / 2e-6;
        return Math.max(Math.abs(left - right), Math.abs(left - across)) > 1e-3 * Math.max(1, Math.abs(left));
      };
      const grid = Array.from({ length: 81 }, (_, i) => i / 4 - 10);
      expect([...new Set([...kinks, ...grid])].filter(jumps)).toEqual(kinks);
    });

    it("has the derivative 0 at infinity where it levels off", () => {
      const flat = endless.filter((end) => Number.isFinite(reference(end)));
      const x = z(flat.length);
      if (flat.length === 0) return;
      const [computed] = evaluateOnEngine([gradient(sum(activation.forward(x)), x)], new Map([[x, flat]]));
      expectClose(
        computed as ArrayLike<number>,
        flat.map(() => 0),
      );
    });
  });
}

/** Slopes of a function to the left and to the right of a point, which itself is left out. */
function slopes(f: (x: number) => number, x: number): readonly [left: number, right: number] {
  const step = 1e-6 * Math.max(1, Math.abs(x));
  const between = (a: number, b: number) => (f(b) - f(a)) / (b - a);
  return [between(x - 2 * step, x - step), between(x + step, x + 2 * step)];
}

describe("activations refuse options that cannot work", () => {
  it.each([
    [
      "a slope that is not finite",
      () => activations.leakyRelu({ slope: Number.NaN }),
      "[leakyRelu] expected a finite number as slope, received NaN.",
    ],
    [
      "an alpha that is not finite",
      () => activations.elu({ alpha: Infinity }),
      "[elu] expected a finite number as alpha, received Infinity.",
    ],
    ["an alpha of 0", () => activations.celu({ alpha: 0 }), "[celu] expected an alpha above 0, received 0."],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

interface GoldenActivation {
  readonly name: string;
  readonly options: Readonly<Record<string, number>> | null;
  readonly shape: GoldenTensor["shape"];
  readonly z: readonly number[];
  readonly value: readonly number[];
  readonly cotangent: readonly number[];
  readonly gradient: readonly number[];
  /** Near 0, where only relative differences tell something. */
  readonly tail: boolean;
}

describe("activations agree with PyTorch", () => {
  const cases = golden<readonly GoldenActivation[]>("activations");
  itHasGolden(
    activations,
    tools,
    cases.map(({ name }) => name),
  );

  it.each(cases)("$name $options on $z", (one) => {
    const { name, options, shape, z, value, cotangent, gradient: expected, tail } = one;
    const activation = rebuild({ kind: name, ...options }, activations) as Activation;
    const x = parameter("z", shape);
    const y = activation.forward(x);
    const dx = gradient(sum(multiply(y, tensor(cotangent, shape))), x);
    const [actual, computed] = evaluateOnEngine([y, dx], new Map([[x, z]]));
    expectClose(actual as ArrayLike<number>, value, tail ? { relative: 1e-5, absolute: 0 } : {});
    expectClose(computed as ArrayLike<number>, expected, { relative: 1e-5, ...(tail && { absolute: 0 }) });
  });
});
