import * as optimizers from "@myelin/optimizer";
import {
  ArgumentError,
  add,
  type Clipping,
  multiply,
  type Optimizer,
  parameter,
  type Schedule,
  subtract,
  type Tensor,
  tensor,
} from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { expectClose } from "./closeness.js";
import { Descent, rateAt } from "./descent.js";
import { evaluateOnEngine } from "./engine.js";
import { type GoldenTensor, golden, goldenTensor } from "./golden.js";
import { expectRebuildable, itHasGolden, membersOf, rebuild } from "./members.js";

type Member = Optimizer | Schedule | Clipping;

const tools = ["defineOptimizer", "defineSchedule"];
const decay = { initialRate: 0.5, every: 3, factor: 0.5 };
const members = membersOf<Member>(optimizers, {
  tools,
  calls: {
    sgd: [[], [{ momentum: 0.9, dampening: 0.5 }], [{ momentum: 0.9, nesterov: true, weightDecay: 0.1 }]],
    adam: [[], [{ amsgrad: true, weightDecay: 0.1 }], [{ clipping: optimizers.clipByGlobalNorm(1) }]],
    adamW: [
      [],
      [
        {
          learningRate: optimizers.warmUp({
            steps: 5,
            followedBy: optimizers.cosineDecay({ initialRate: 0.1, steps: 9 }),
          }),
        },
      ],
    ],
    rmsprop: [[], [{ centered: true, momentum: 0.5 }]],
    adagrad: [[], [{ initialAccumulator: 0.1 }]],
    adadelta: [[], [{ rho: 0.5 }]],
    adamax: [[], [{ beta2: 0.9 }]],
    nadam: [[], [{ momentumDecay: 0.1 }]],
    lion: [[], [{ weightDecay: 0.1 }]],
    clipByValue: [[0.5]],
    clipByNorm: [[0.5]],
    clipByGlobalNorm: [[0.5]],
    constantRate: [[0.5]],
    stepDecay: [[decay]],
    exponentialDecay: [[decay]],
    cosineDecay: [
      [{ initialRate: 0.5, steps: 7 }],
      [{ initialRate: 0.5, steps: 7, finalRate: 0.1, restarts: true }],
    ],
    piecewiseRate: [[{ boundaries: [2, 5], rates: [0.3, 0.2, 0.1] }]],
    warmUp: [[{ steps: 3, followedBy: 0.5 }], [{ steps: 3, followedBy: optimizers.stepDecay(decay) }]],
  },
});

interface GoldenFile {
  readonly slope: {
    readonly start: readonly number[];
    readonly target: readonly number[];
    readonly steepness: readonly number[];
    readonly curvature: readonly number[];
    readonly steps: readonly number[];
  };
  readonly trajectories: readonly {
    readonly name: string;
    readonly options: Readonly<Record<string, number | boolean>>;
    readonly halveEvery: number | null;
    readonly points: readonly (readonly number[])[];
  }[];
  readonly schedules: readonly {
    readonly name: string;
    readonly options: Readonly<Record<string, number>>;
    readonly rates: readonly number[];
  }[];
  readonly clipping: readonly {
    readonly name: string;
    readonly limit: number;
    readonly gradients: readonly GoldenTensor[];
    readonly clipped: readonly (readonly number[])[];
  }[];
}

const { slope, trajectories, schedules, clipping } = golden<GoldenFile>("optimizers");

/** The slope of scripts/golden/optimizers.py: steepness d + curvature d³ with d = w - target. */
function gradientsAt(w: Tensor): Tensor {
  const d = subtract(w, tensor(slope.target));
  return add(
    multiply(tensor(slope.steepness), d),
    multiply(tensor(slope.curvature), multiply(d.square(), d)),
  );
}

/** The height of that slope. */
function heightAt(w: readonly number[]): number {
  return w.reduce((height, x, i) => {
    const d = x - (slope.target[i] as number);
    return (
      height + (0.5 * (slope.steepness[i] as number) + 0.25 * (slope.curvature[i] as number) * d * d) * d * d
    );
  }, 0);
}

const isOptimizer = (member: Member): member is Optimizer => "update" in member;
const isDenormal = (x: number) => x !== 0 && Math.abs(x) < 2 ** -126;

for (const { label, value } of members) {
  describe(label, () => {
    it("is rebuilt from its config", () => {
      const rebuilt = expectRebuildable<Member>(value, optimizers);
      const [first, second] = [value, rebuilt].map((member) => {
        if ("rate" in member) return Array.from({ length: 20 }, (_, step) => member.rate(step));
        if ("apply" in member) return evaluateOnEngine(member.apply([tensor([3, -4]), tensor([[2]])]));
        const run = new Descent(member, slope.start, gradientsAt);
        for (let step = 0; step < 8; step++) run.step(rateAt(member, step));
        return [...run.parameters, member.clipping?.config];
      });
      expect(first).toEqual(second);
    });

    if ("rate" in value) {
      it("is a finite rate of at least 0 at any step", () => {
        const rates = [0, 1, 2, 5, 100, 1e6, 2 ** 40].map((step) => value.rate(step));
        expect(rates.every((rate) => Number.isFinite(rate) && rate >= 0)).toBe(true);
      });
    }
    if (!isOptimizer(value)) return;

    it("walks down", () => {
      const run = new Descent(value, slope.start, gradientsAt);
      const before = heightAt(run.parameters);
      run.step(rateAt(value, 4), undefined, 40);
      expect(heightAt(run.parameters)).toBeLessThan(before);
      expect(run.parameters.every(Number.isFinite)).toBe(true);
    });

    it("keeps what it says it keeps", () => {
      const w = parameter("w", [3]);
      const named = (names: object, shape: readonly number[]) =>
        Object.fromEntries(Object.keys(names).map((name) => [name, parameter(name, shape)]));
      const next = value.update({
        parameters: w,
        slots: named(value.slots, [3]),
        scalars: named(value.scalars, []),
        gradients: parameter("g", [3]),
        learningRate: parameter("rate", []),
      });
      expect(Object.keys(next.slots)).toEqual(Object.keys(value.slots));
      expect(Object.keys(next.scalars)).toEqual(Object.keys(value.scalars));
      const shapes = [next.parameters, ...Object.values(next.slots)].map(({ shape }) => shape);
      expect(shapes.every((shape) => shape.length === 1 && shape[0] === 3)).toBe(true);
      expect(Object.values(next.scalars).every(({ shape }) => shape.length === 0)).toBe(true);
    });

    it("stays where it is without gradients, whatever came before is forgotten without denormal numbers", () => {
      const run = new Descent(value, [1, -1, 0.5, 0]);
      run.step(0, [1e-3, -2, 1e-20, 0], 2);
      expect(run.parameters).toEqual([1, -1, 0.5, 0]);
      run.step(0, [0, 0, 0, 0], 5000);
      expect(Object.values(run.state).flat().filter(isDenormal)).toEqual([]);
    });

    it("takes gradients of any finite size, and shows one that is NaN", () => {
      const run = new Descent(value, [1, 1, 1, 1]);
      run.step(0.01, [0, 1e-38, -1e15, 1e4], 3);
      expect(run.parameters.every(Number.isFinite)).toBe(true);
      run.step(0.01, [0, Number.NaN, 0, 0]);
      expect(run.parameters.map(Number.isNaN)).toEqual([false, true, false, false]);
    });
  });
}

describe("optimizers agree with PyTorch", () => {
  itHasGolden(
    optimizers,
    [...tools, "constantRate"],
    [...trajectories, ...schedules, ...clipping].map(({ name }) => name),
  );

  it.each(trajectories)("$name $options", ({ name, options, halveEvery, points }) => {
    const optimizer = rebuild({ kind: name, ...options }, optimizers) as Optimizer;
    const run = new Descent(optimizer, slope.start, gradientsAt);
    let done = 0;
    slope.steps.forEach((kept, i) => {
      for (; done < kept; done++) {
        run.step(rateAt(optimizer, done) * 0.5 ** (halveEvery === null ? 0 : Math.floor(done / halveEvery)));
      }
      expectClose(run.parameters, points[i] as readonly number[], { relative: 1e-5, absolute: 2e-6 });
    });
  });

  it.each(schedules)("$name $options", ({ name, options, rates }) => {
    const schedule = rebuild({ kind: name, ...options }, optimizers) as Schedule;
    expectClose(
      rates.map((_, step) => schedule.rate(step)),
      rates,
      { relative: 1e-9, absolute: 1e-12 },
    );
  });

  it.each(clipping)("$name $limit", ({ name, limit, gradients, clipped }) => {
    const rule = rebuild({ kind: name, arguments: [limit] }, optimizers) as Clipping;
    const computed = evaluateOnEngine(rule.apply(gradients.map(goldenTensor)));
    clipped.forEach((expected, i) => {
      expectClose(computed[i] as ArrayLike<number>, expected);
    });
  });
});

describe("clipping", () => {
  const { clipByValue, clipByNorm, clipByGlobalNorm } = optimizers;
  const rules = Object.entries({ clipByValue, clipByNorm, clipByGlobalNorm });

  it.each(rules.slice(1))("%s turns a norm that is not finite into NaN", (_, clip) => {
    for (const broken of [Number.POSITIVE_INFINITY, Number.NaN, 1e30]) {
      const [clipped] = evaluateOnEngine(clip(1).apply([tensor([1, broken])]));
      expect(Array.from(clipped as ArrayLike<number>, Number.isNaN)).toEqual([true, true]);
    }
  });

  it.each(rules)("%s leaves zeros and small gradients alone", (_, clip) => {
    const [zeros, small] = evaluateOnEngine(clip(1).apply([tensor([0, 0]), tensor([0.1, -0.2])]));
    expectClose(zeros as ArrayLike<number>, [0, 0], { absolute: 0 });
    expectClose(small as ArrayLike<number>, [0.1, -0.2]);
    expect(clip(1).apply([])).toEqual([]);
  });
});

describe("lion", () => {
  it("takes the direction with beta1, and remembers with beta2", () => {
    const run = new Descent(optimizers.lion({ beta1: 0.5, beta2: 0.9 }), [0]);
    run.step(1, [1]);
    expect(run.parameters).toEqual([-1]);
    expectClose(run.state.momentum as number[], [0.1]);
    // 0.5 * 0.1 - 0.5 * 0.2 is below 0, 0.9 * 0.1 - 0.1 * 0.2 is not.
    run.step(1, [-0.2]);
    expect(run.parameters).toEqual([0]);
  });
});

describe("learning rates and options", () => {
  it("may be functions, which are not saved", () => {
    const optimizer = optimizers.sgd({ learningRate: (step) => 1 / (step + 1) });
    expect(rateAt(optimizer, 3)).toBe(0.25);
    expect(optimizer.config.learningRate).toEqual({ kind: "function" });
  });

  it("are refused where they cannot work", () => {
    const { adam, sgd, rmsprop, adadelta, cosineDecay, clipByValue } = optimizers;
    for (const wrong of [
      () => adam({ learningRate: -1 }),
      () => adam({ learningRate: Number.NaN }),
      () => adam({ beta1: 1 }),
      () => adam({ epsilon: -1 }),
      () => adam({ weightDecay: Number.NaN }),
      () => sgd({ momentum: -0.5 }),
      () => sgd({ nesterov: true }),
      () => sgd({ momentum: 0.9, nesterov: true, dampening: 0.1 }),
      () => rmsprop({ alpha: 1.5 }),
      () => rmsprop({ weightDecay: -1 }),
      () => adadelta({ rho: 1 }),
      () => cosineDecay({ initialRate: 1, steps: 0 }),
      () => clipByValue(0),
      () => clipByValue(Number.POSITIVE_INFINITY),
    ])
      expect(wrong).toThrow(ArgumentError);
  });
});
