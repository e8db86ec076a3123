import { compile } from "@myelin/compiler";
import * as losses from "@myelin/losses";
import {
  gradient,
  interpretGraph,
  type Loss,
  parameter,
  type Shape,
  ShapeError,
  sizeOf,
  sum,
  type Tensor,
  tensor,
  type Values,
} from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { expectClose } from "./closeness.js";
import { checkGradient, randomNumbers } from "./differences.js";
import { evaluateOnEngine } from "./engine.js";
import { type GoldenTensor, golden, goldenTensor } from "./golden.js";
import { expectRebuildable, itHasGolden, membersOf, rebuild } from "./members.js";

const tools = ["alignTargets", "defineLoss", "meanPerRow", "reduceLosses"];
const fromLogits = true;
const members = membersOf<Loss>(losses, {
  tools,
  calls: {
    huber: [[], [{ delta: 0.5 }]],
    binaryCrossEntropy: [
      [],
      [{ fromLogits }],
      [{ labelSmoothing: 0.1 }],
      [{ fromLogits, labelSmoothing: 0.1 }],
    ],
    crossEntropy: [[], [{ fromLogits }], [{ labelSmoothing: 0.1 }], [{ fromLogits, labelSmoothing: 0.1 }]],
    kullbackLeibler: [[], [{ fromLogits }]],
    poisson: [[], [{ fromLogRates: true }]],
  },
});

/** What a loss may be asked: predictions and targets, both [4, 3], with errors that are not on kinks. */
interface Sample {
  readonly predictions: readonly number[];
  readonly targets: readonly number[];
}

const shape: Shape = [4, 3];
const numbers = [...randomNumbers("losses", 24)];
const [some, others] = [numbers.slice(0, 12), numbers.slice(12)];
const chances = (xs: readonly number[]) => xs.map((x) => 1 / (1 + Math.exp(-x)));
/** Rows of three that sum to 1. */
const distributions = (xs: readonly number[]) => {
  const powers = xs.map(Math.exp);
  return powers.map(
    (x, i) => x / [0, 1, 2].reduce((total, k) => total + (powers[i - (i % 3) + k] as number), 0),
  );
};
const bits = others.map((x) => (x > 0 ? 1 : 0));

/** By `kind`; a loss without an entry takes any numbers. */
const samples: Readonly<Record<string, (isRaw: boolean) => Sample>> = {
  binaryCrossEntropy: (isRaw) => ({ predictions: isRaw ? some : chances(some), targets: bits }),
  crossEntropy: (isRaw) => ({
    predictions: isRaw ? some : distributions(some),
    targets: distributions(others),
  }),
  kullbackLeibler: (isRaw) => ({
    predictions: isRaw ? some : distributions(some),
    targets: distributions(others),
  }),
  poisson: (isRaw) => ({ predictions: isRaw ? some : chances(some), targets: bits.map((bit, i) => bit * i) }),
  hinge: () => ({ predictions: some, targets: bits.map((bit) => 2 * bit - 1) }),
};

const isRaw = ({ config }: Loss) => config.fromLogits === true || config.fromLogRates === true;
const sampleOf = (loss: Loss): Sample =>
  samples[loss.name]?.(isRaw(loss)) ?? { predictions: some, targets: others };

/** Predictions that a network may get itself into: any numbers, or where it outputs probabilities or rates, those at the ends. */
function extremesOf(loss: Loss): readonly number[] {
  const anything = [1e4, -1e4, 88, -88, 104, -104, 89, 0, -0, 1e-38, 15, -15];
  const outOfProbabilities = [0, 1, 1e-38, 1e-10, 0.5, 1, 1, 1, 0.9999999, 1, 0, 1e-3];
  const takesAnything = samples[loss.name] === undefined || loss.name === "hinge" || isRaw(loss);
  return takesAnything ? anything : outOfProbabilities;
}

/** A sum may overflow float32 before its mean is taken. */
const bounded = (x: number) => Math.min(Math.max(x, -1e37), 1e37);

const evaluate = (output: Tensor, values?: ReadonlyMap<Tensor, Values>) =>
  evaluateOnEngine([output], values)[0] as ArrayLike<number>;

for (const { label, value: loss } of members) {
  describe(label, () => {
    const { predictions, targets } = sampleOf(loss);
    const wanted = tensor(targets, shape);

    it("gives one value per row, which depends on that row alone", () => {
      const whole = loss.perRow(tensor(predictions, shape), wanted);
      expect(whole.shape).toEqual([4]);
      const rows = evaluate(whole);
      const second = loss.perRow(
        tensor(predictions.slice(3, 6), [1, 3]),
        tensor(targets.slice(3, 6), [1, 3]),
      );
      expect(evaluate(second)[0]).toBe(rows[1]);
    });

    it("is rebuilt from its config", () => {
      const rebuilt = expectRebuildable(loss, losses);
      // By it, predictions find the program that was compiled before; a new function would compile it anew.
      expect(rebuilt.link).toBe(loss.link);
      const x = tensor(predictions, shape);
      expect(rebuilt.perRow(x, wanted)).toBe(loss.perRow(x, wanted));
      expect(rebuilt.link(x)).toBe(loss.link(x));
    });

    it("has the gradient that differences show", () => {
      checkGradient((x) => loss.perRow(x, wanted), shape, predictions);
    });

    it("computes in float32 what it means, at extremes too, with a gradient that is never NaN", () => {
      const x = parameter("x", shape);
      const perRow = loss.perRow(x, wanted);
      const outputs = [perRow, gradient(sum(perRow), x)];
      for (const points of [predictions, extremesOf(loss)]) {
        const values = new Map([[x, points.map(Math.fround)]]);
        const computed = evaluateOnEngine(outputs, values);
        const exact = interpretGraph(outputs, { precision: "f64", values });
        outputs.forEach((_, i) => {
          const expected = Array.from(exact[i] as Float64Array, bounded);
          expect(expected.some(Number.isNaN)).toBe(false);
          expectClose(Array.from(computed[i] as ArrayLike<number>, bounded), expected, {
            relative: 1e-5,
            absolute: 2e-6,
          });
        });
      }
    });

    it("shows a prediction that is NaN", () => {
      const broken = predictions.map((x, i) => (i === 4 ? Number.NaN : x));
      const rows = evaluate(loss.perRow(tensor(broken, shape), wanted));
      expect(Array.from(rows, Number.isNaN)).toEqual([false, true, false, false]);
    });

    it("takes further axes as further outputs, or decisions, of a row", () => {
      const [deep, deepWanted] = [tensor(predictions, [2, 2, 3]), tensor(targets, [2, 2, 3])];
      const rows = evaluate(loss.perRow(tensor(predictions, shape), wanted));
      const [a, b, c, d] = Array.from(rows) as [number, number, number, number];
      expectClose(evaluate(loss.perRow(deep, deepWanted)), [(a + b) / 2, (c + d) / 2]);
    });

    it("refuses targets that do not fit, and never broadcasts", () => {
      const x = tensor(predictions, shape);
      expect(() => loss.perRow(x, tensor(targets, [3, 4]))).toThrow(ShapeError);
      expect(() => loss.perRow(x, tensor(targets.slice(0, 3), [1, 3]))).toThrow(ShapeError);
      if (loss.targets === "classes") return;
      expect(() => loss.perRow(x, tensor(targets.slice(0, 4)))).toThrow(ShapeError);
      const column = tensor(predictions, [12, 1]);
      const withVector = loss.perRow(column, tensor(targets, [12]));
      expect(withVector.shape).toEqual([12]);
      expectClose(evaluate(withVector), evaluate(loss.perRow(column, tensor(targets, [12, 1]))));
    });

    it("links what the network outputs to what people read", () => {
      const link = evaluate(loss.link(tensor(predictions, shape)));
      const expected = !isRaw(loss)
        ? predictions
        : loss.targets === "binary"
          ? chances(predictions)
          : loss.name === "poisson"
            ? predictions.map(Math.exp)
            : distributions(predictions);
      expectClose(link, expected);
    });
  });
}

describe("crossEntropy", () => {
  const logits = tensor(some, shape);
  const classes = [2, 0, 1, 1];
  const oneHot = classes.flatMap((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0)));

  const forms: readonly losses.CrossEntropyOptions[] = [
    { fromLogits },
    { fromLogits, labelSmoothing: 0.2 },
    {},
  ];
  it.each(forms)("takes indices in any form: %o", (options) => {
    const loss = losses.crossEntropy(options);
    const x = options.fromLogits === true ? logits : tensor(distributions(some), shape);
    const rows = evaluate(loss.perRow(x, tensor(oneHot, shape)));
    for (const dtype of ["i32", "u8", "f32"] as const) {
      expectClose(evaluate(loss.perRow(x, tensor(classes, dtype))), rows);
      expectClose(evaluate(loss.perRow(x, tensor(classes, [4, 1], dtype))), rows);
    }
    expectClose(evaluate(loss.perRow(x, tensor(oneHot, shape, "u8"))), rows);
  });

  it("takes a class index for each position of a sequence", () => {
    const loss = losses.crossEntropy({ fromLogits });
    const deep = loss.perRow(tensor(some, [2, 2, 3]), tensor(classes, [2, 2], "i32"));
    const [a, b, c, d] = Array.from(evaluate(loss.perRow(logits, tensor(classes, "i32")))) as [
      number,
      number,
      number,
      number,
    ];
    expectClose(evaluate(deep), [(a + b) / 2, (c + d) / 2]);
  });

  it("is exact where the softmax underflows, and for logits that are switched off", () => {
    const loss = losses.crossEntropy({ fromLogits });
    const x = parameter("x", [2, 3]);
    const perRow = loss.perRow(x, tensor([1, 0], "i32"));
    const values = new Map([[x, [1000, 0, 0, 0, Number.NEGATIVE_INFINITY, 0]]]);
    const [rows, dx] = evaluateOnEngine([perRow, gradient(sum(perRow), x)], values);
    expectClose(rows as ArrayLike<number>, [1000, Math.LN2]);
    expectClose(dx as ArrayLike<number>, [1, -1, 0, -0.5, 0, 0.5]);
  });

  it("has the gradient -log(p) for soft targets, which distillation needs", () => {
    const soft = parameter("soft", shape);
    const loss = losses.crossEntropy({ fromLogits });
    const dy = gradient(sum(loss.perRow(logits, soft)), soft);
    const expected = distributions(some).map((p) => -Math.log(p));
    expectClose(evaluate(dy, new Map([[soft, others]])), expected);
  });

  it("needs two classes", () => {
    const loss = losses.crossEntropy({ fromLogits });
    expect(() => loss.perRow(tensor([[1], [2]]), tensor([0, 0], "i32"))).toThrow("use binaryCrossEntropy");
    expect(() => loss.perRow(tensor([[1, 2]]), tensor([[1, 2, 3]]))).toThrow("one output for each class");
  });

  it("is one pass over each row, gradient included", () => {
    const x = parameter("x", [32, 10]);
    const labels = parameter("labels", [32], "u8");
    const mean = losses.reduceLosses(losses.crossEntropy({ fromLogits }).perRow(x, labels));
    const { kernels } = compile({ name: "loss", outputs: { mean, dx: gradient(mean, x) }, assignments: [] });
    expect(kernels.filter(({ extents }) => sizeOf(extents) > 32).map(({ family }) => family)).toEqual([
      "row",
    ]);
  });
});

describe("binaryCrossEntropy", () => {
  it("keeps the small losses of a sure network", () => {
    const loss = losses.binaryCrossEntropy({ fromLogits });
    const rows = evaluate(loss.perRow(tensor([[20], [-30], [20]]), tensor([[1], [0], [0]])));
    expectClose(rows, [2.0611536e-9, 9.3576e-14, 20], { relative: 1e-5, absolute: 0 });
  });

  it("has the gradient sigmoid(x) - y at 0 too", () => {
    const x = parameter("x", [3, 1]);
    const loss = losses.binaryCrossEntropy({ fromLogits });
    const dx = gradient(sum(loss.perRow(x, tensor([[0], [1], [0.25]]))), x);
    expectClose(evaluate(dx, new Map([[x, [0, 0, -0]]])), [0.5, -0.5, 0.25]);
  });

  it("refuses a labelSmoothing that is no share", () => {
    expect(() => losses.binaryCrossEntropy({ labelSmoothing: 2 })).toThrow(
      "a number between 0 and 1 as labelSmoothing",
    );
    expect(() => losses.crossEntropy({ labelSmoothing: -1 })).toThrow("labelSmoothing");
  });
});

describe("cosineDistance", () => {
  it("of no direction at all is that of a right angle, with a finite gradient", () => {
    const x = parameter("x", [1, 2]);
    const perRow = losses.cosineDistance.perRow(x, tensor([[3, 4]]));
    const values = new Map([[x, [0, 0]]]);
    const [rows, dx] = evaluateOnEngine([perRow, gradient(sum(perRow), x)], values);
    expectClose(rows as ArrayLike<number>, [1]);
    expectClose(dx as ArrayLike<number>, [-0.6e6, -0.8e6]);
  });
});

describe("reduceLosses", () => {
  const perRow = tensor([1, 2, 6]);
  const weights = tensor([1, 0, 3]);

  it("takes the mean, the sum, or neither", () => {
    expect(losses.reduceLosses(perRow).item()).toBe(3);
    expect(losses.reduceLosses(perRow, { reduction: "sum" }).item()).toBe(9);
    expect(losses.reduceLosses(perRow, { reduction: "none" })).toBe(perRow);
  });

  it("weighs rows, and divides by the weights", () => {
    expect(losses.reduceLosses(perRow, { weights }).item()).toBe(19 / 4);
    expect(losses.reduceLosses(perRow, { weights, reduction: "sum" }).item()).toBe(19);
    expect(losses.reduceLosses(perRow, { weights, reduction: "none" }).toArray()).toEqual([1, 0, 18]);
    expect(losses.reduceLosses(perRow, { weights: tensor([[1], [0], [3]]) }).item()).toBe(19 / 4);
  });

  it("leaves rows of weight 0 out, whatever their loss is", () => {
    const broken = tensor([1, Number.NaN, 6]);
    expect(losses.reduceLosses(broken, { weights }).item()).toBe(19 / 4);
    expect(losses.reduceLosses(broken, { weights: tensor([0, 0, 0]) }).item()).toBe(0);
  });

  it("refuses weights for other rows", () => {
    expect(() => losses.reduceLosses(perRow, { weights: tensor([1, 2]) })).toThrow("one weight for each row");
    expect(() => losses.reduceLosses(perRow, { weights: tensor([[1, 2, 3]]) })).toThrow(ShapeError);
  });
});

interface GoldenLoss {
  readonly name: string;
  readonly options: Readonly<Record<string, number | boolean>> | null;
  readonly predictions: GoldenTensor;
  readonly targets: GoldenTensor;
  readonly perRow: readonly number[];
  readonly weights: readonly number[];
  readonly weightedMean: number;
  readonly gradient: readonly number[];
}

describe("losses agree with PyTorch", () => {
  const cases = golden<readonly GoldenLoss[]>("losses");
  itHasGolden(
    losses,
    tools,
    cases.map(({ name }) => name),
  );

  it.each(cases)("$name $options", (expected) => {
    const loss = rebuild({ kind: expected.name, ...expected.options }, losses) as Loss;
    const x = parameter("x", expected.predictions.shape);
    const perRow = loss.perRow(x, goldenTensor(expected.targets));
    const mean = losses.reduceLosses(perRow, { weights: tensor(expected.weights) });
    const values = new Map([[x, expected.predictions.data]]);
    const [rows, weightedMean, dx] = evaluateOnEngine([perRow, mean, gradient(mean, x)], values);
    expectClose(rows as ArrayLike<number>, expected.perRow, { relative: 3e-6 });
    expectClose(weightedMean as ArrayLike<number>, [expected.weightedMean], { relative: 3e-6 });
    expectClose(dx as ArrayLike<number>, expected.gradient, { relative: 1e-5 });
  });
});
