import * as losses from "@myelin/losses";
import * as metrics from "@myelin/metrics";
import { type CollectingMetric, type Metric, ShapeError, type StreamingMetric, sizeOf } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { expectClose } from "./closeness.js";
import { randomNumbers } from "./differences.js";
import { expectRebuildable, membersOf } from "./members.js";
import { type RowForm, type Rows, runMetric } from "./metric-run.js";

const everything = { ...losses, ...metrics };
const members = membersOf<Metric>(metrics, {
  tools: ["defineMetric", "weightedMean", "weightedSum"],
  calls: {
    binaryAccuracy: [[], [{ threshold: 0.3, name: "generous" }]],
    topKAccuracy: [[{ k: 2 }], [{ k: 1, name: "best" }]],
    precision: [[], [{ average: "micro" }], [{ average: "weighted" }]],
    recall: [[], [{ average: "micro", name: "found" }], [{ average: "weighted" }]],
    f1: [[], [{ average: "micro" }], [{ average: "weighted" }]],
    lossMetric: [[losses.meanSquaredError], [losses.crossEntropy({ fromLogits: true })]],
  },
});

const count = 13;
const numbers = (name: string, size: number) => [...randomNumbers(name, size)];
const softmax = (row: readonly number[]) => {
  const powers = row.map(Math.exp);
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / total);
};
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const inRows = <T>(flat: readonly T[], width: number): T[][] =>
  Array.from({ length: flat.length / width }, (_, row) => flat.slice(row * width, (row + 1) * width));
const ones = (size: number) => new Array<number>(size).fill(1);

interface Problem {
  readonly form: RowForm;
  readonly rows: Rows;
}

const labels = Array.from({ length: count }, (_, row) => (3 * row) % 4);
const scores = numbers("scores", 4 * count).map((x, i) => (labels[Math.floor(i / 4)] === i % 4 ? x + 1 : x));

/** Four classes by index. */
const classes: Problem = {
  form: { predictions: [4], targets: [], dtype: "i32" },
  rows: {
    predictions: scores,
    probabilities: inRows(scores, 4).flatMap(softmax),
    targets: labels,
    weights: ones(count),
  },
};

/** Two numbers per row. */
const values: Problem = {
  form: { predictions: [2], targets: [2] },
  rows: {
    predictions: numbers("predictions", 2 * count),
    probabilities: numbers("predictions", 2 * count),
    targets: numbers("predictions", 2 * count).map((x, i) => 100 + x + Math.sin(i)),
    weights: ones(count),
  },
};

/** Three times yes or no per row. */
const bits: Problem = {
  form: { predictions: [3], targets: [3] },
  rows: {
    predictions: numbers("bits", 3 * count),
    probabilities: numbers("bits", 3 * count).map(sigmoid),
    targets: numbers("truth", 3 * count).map((x) => (x > 0 ? 1 : 0)),
    weights: ones(count),
  },
};

/** What a metric is asked, by `kind`. */
const problems: Readonly<Record<string, (config: string) => Problem>> = {
  accuracy: () => classes,
  binaryAccuracy: () => bits,
  categoricalAccuracy: () => classes,
  confusionMatrix: () => classes,
  f1: () => classes,
  lossMetric: (config) => (config.includes("crossEntropy") ? classes : values),
  precision: () => classes,
  r2: () => values,
  recall: () => classes,
  rootMeanSquaredError: () => values,
  topKAccuracy: () => classes,
};

function problemOf({ config }: Metric): Problem {
  const problem = problems[config.kind];
  if (problem === undefined) throw new Error(`Say which problem ${config.kind} is asked in this test.`);
  return problem(JSON.stringify(config));
}

const flat = (result: unknown): number[] => [result].flat(2) as number[];

/** Row i of a problem `times[i]` times. */
function repeated({ form, rows }: Problem, times: readonly number[]): Rows {
  const repeat = (data: readonly number[], width: number) =>
    inRows(data, width).flatMap((row, i) => Array.from({ length: times[i] as number }, () => row).flat());
  const wide = sizeOf(form.predictions);
  return {
    predictions: repeat(rows.predictions, wide),
    probabilities: repeat(rows.probabilities, wide),
    targets: repeat(rows.targets, sizeOf(form.targets)),
    weights: repeat(rows.weights, 1),
  };
}

for (const { label, value: metric } of members) {
  describe(label, () => {
    it("is rebuilt from its config", () => {
      expect(expectRebuildable(metric, everything).name).toBe(metric.name);
    });

    if (metric.collect === true) return;
    const problem = problemOf(metric);
    const { form, rows } = problem;
    const whole = () => flat(runMetric(metric, form, rows, [count]));

    it("is the same in one batch and in many", () => {
      expect(whole().every(Number.isFinite)).toBe(true);
      expectClose(flat(runMetric(metric, form, rows, [5, 5, 3])), whole(), { relative: 1e-5 });
    });

    it("leaves out rows of weight 0, whatever they hold", () => {
      const junk = (data: readonly number[], width: number, value: number) => [
        ...data,
        ...ones(3 * width).fill(value),
      ];
      const wide = sizeOf(form.predictions);
      const filled: Rows = {
        predictions: junk(rows.predictions, wide, Number.NaN),
        probabilities: junk(rows.probabilities, wide, Number.NaN),
        targets: junk(rows.targets, sizeOf(form.targets), 0),
        weights: junk(rows.weights, 1, 0),
      };
      expectClose(flat(runMetric(metric, form, filled, [count + 3])), whole(), { relative: 1e-5 });
      expectClose(flat(runMetric(metric, form, filled, [count, 3])), whole(), { relative: 1e-5 });
      const turned: Rows = {
        predictions: filled.predictions.toReversed(),
        probabilities: filled.probabilities.toReversed(),
        targets: filled.targets.toReversed(),
        weights: filled.weights.toReversed(),
      };
      expect(flat(runMetric(metric, form, turned, [3, count])).every(Number.isFinite)).toBe(true);
    });

    it("counts a row of weight 3 as three rows", () => {
      const times = Array.from({ length: count }, (_, row) => (row % 3 === 1 ? 3 : 1));
      const weighted = flat(runMetric(metric, form, { ...rows, weights: times }, [count]));
      const many = repeated(problem, times);
      expectClose(weighted, flat(runMetric(metric, form, many, [many.weights.length])), { relative: 1e-5 });
      expect(weighted).not.toEqual(whole());
    });
  });
}

/** One batch, all weights 1. */
function measure(
  metric: StreamingMetric,
  form: RowForm,
  predictions: readonly number[],
  targets: readonly number[],
) {
  const size = predictions.length / sizeOf(form.predictions);
  return runMetric(metric, form, { predictions, probabilities: predictions, targets, weights: ones(size) }, [
    size,
  ]);
}

describe("accuracy", () => {
  const { accuracy, binaryAccuracy, categoricalAccuracy, topKAccuracy } = metrics;

  it("of one output is that of probabilities above one half", () => {
    for (const targets of [[], [1]])
      expect(measure(accuracy, { predictions: [1], targets }, [0.9, 0.5, 0.2, 0.51], [1, 1, 0, 0])).toBe(0.5);
    expect(measure(accuracy, { predictions: [], targets: [] }, [0.9, 0.5, 0.2, 0.51], [1, 0, 0, 0])).toBe(
      0.75,
    );
  });

  it("of one output looks at probabilities, not at logits", () => {
    const rows = { predictions: [0.2, -0.2], probabilities: [0.55, 0.45], targets: [1, 0], weights: [1, 1] };
    const form = { predictions: [1], targets: [1] };
    expect(runMetric(accuracy, form, rows, [2])).toBe(1);
    expect(runMetric(binaryAccuracy(), form, rows, [2])).toBe(1);
    expect(runMetric(metrics.recall(), form, rows, [2])).toBe(1);
  });

  it("of several outputs is that of the largest, against indices or rows", () => {
    const predictions = [0.2, 0.5, 0.3, 3, 2, 1, 1, 1, 1];
    const form = { predictions: [3], targets: [] };
    expectClose([measure(accuracy, { ...form, dtype: "i32" }, predictions, [1, 2, 0]) as number], [2 / 3]);
    expectClose([measure(accuracy, form, predictions, [1, 2, 0]) as number], [2 / 3]);
    const rows = [0, 1, 0, 0.2, 0.3, 0.5, 1, 0, 0];
    expectClose(
      [measure(accuracy, { predictions: [3], targets: [3] }, predictions, rows) as number],
      [2 / 3],
    );
    expectClose(
      [measure(categoricalAccuracy, { predictions: [3], targets: [3] }, predictions, rows) as number],
      [2 / 3],
    );
  });

  it("of sequences counts positions", () => {
    const form: RowForm = { predictions: [2, 2], targets: [2], dtype: "i32" };
    expect(measure(accuracy, form, [1, 0, 0, 1, 1, 0, 1, 0], [0, 1, 0, 1])).toBe(0.75);
  });

  it("does not call NaN right", () => {
    const form: RowForm = { predictions: [2], targets: [], dtype: "i32" };
    for (const metric of [accuracy, topKAccuracy({ k: 1 }), topKAccuracy({ k: 2 })]) {
      const broken = [Number.NaN, Number.NaN, 1, 0];
      expect(measure(metric, form, broken, [0, 0])).toBe(0.5);
    }
  });

  it("of yes or no per output has a threshold", () => {
    const form = { predictions: [2], targets: [2] };
    const [predictions, targets] = [
      [0.4, 0.6, 0.2, 0.8],
      [1, 0, 0, 1],
    ];
    expect(measure(binaryAccuracy(), form, predictions, targets)).toBe(0.5);
    expect(measure(binaryAccuracy({ threshold: 0.3 }), form, predictions, targets)).toBe(0.75);
  });

  it("of the k best breaks ties like accuracy does", () => {
    const form: RowForm = { predictions: [3], targets: [], dtype: "i32" };
    const predictions = [1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 2];
    const targets = [0, 0, 2, 2];
    expect(measure(topKAccuracy({ k: 1 }), form, predictions, targets)).toBe(0.5);
    expect(measure(accuracy, form, predictions, targets)).toBe(0.5);
    expect(measure(topKAccuracy({ k: 2 }), form, predictions, targets)).toBe(0.75);
    expect(measure(topKAccuracy({ k: 3 }), form, predictions, targets)).toBe(1);
    expect(topKAccuracy().name).toBe("top5Accuracy");
  });

  it("refuses what it cannot compare", () => {
    const narrow = { predictions: [1], targets: [1] };
    expect(() => measure(categoricalAccuracy, narrow, [1], [1])).toThrow("at least two outputs");
    expect(() => measure(topKAccuracy(), narrow, [1], [1])).toThrow("at least two outputs");
    expect(() => measure(accuracy, { predictions: [3], targets: [2] }, [1, 2, 3], [0, 1])).toThrow(
      ShapeError,
    );
    expect(() => measure(binaryAccuracy(), { predictions: [2], targets: [] }, [1, 2], [0])).toThrow(
      ShapeError,
    );
    expect(() => topKAccuracy({ k: 0 })).toThrow("a whole number of at least 1");
    expect(() => binaryAccuracy({ threshold: Number.NaN })).toThrow("threshold");
  });
});

describe("confusionMatrix", () => {
  it("has a row for each truth and a column for each decision", () => {
    const form: RowForm = { predictions: [3], targets: [], dtype: "i32" };
    const predictions = [9, 0, 0, 0, 9, 0, 0, 9, 0, 0, 0, 9];
    expect(measure(metrics.confusionMatrix, form, predictions, [0, 0, 1, 1])).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  it("is a table of no and yes for one output", () => {
    const form = { predictions: [1], targets: [1] };
    expect(measure(metrics.confusionMatrix, form, [0.9, 0.8, 0.1, 0.6], [1, 0, 0, 1])).toEqual([
      [1, 1],
      [0, 2],
    ]);
  });
});

describe("precision, recall and f1", () => {
  const { precision, recall, f1 } = metrics;
  const all = (options: Parameters<typeof f1>[0], form: RowForm, predictions: number[], targets: number[]) =>
    [precision, recall, f1].map((make) => measure(make(options), form, predictions, targets) as number);

  it("of one output are those of yes", () => {
    const form = { predictions: [1], targets: [1] };
    expectClose(all({}, form, [0.9, 0.8, 0.6, 0.3, 0.1], [1, 0, 0, 1, 0]), [1 / 3, 1 / 2, 2 / 5]);
    expectClose(all({ threshold: 0.2 }, form, [0.9, 0.8, 0.6, 0.3, 0.1], [1, 0, 0, 1, 0]), [1 / 2, 1, 2 / 3]);
  });

  it("are 0 where there is nothing to count", () => {
    expect(all({}, { predictions: [1], targets: [1] }, [0.1, 0.2], [0, 0])).toEqual([0, 0, 0]);
  });

  // Truth 0 0 0 1 2, decided 0 0 1 1 1: hits 2 1 0, decided 2 3 0, actual 3 1 1.
  const form: RowForm = { predictions: [3], targets: [], dtype: "i32" };
  const predictions = [0, 0, 1, 1, 1].flatMap((decided) => [0, 1, 2].map((k) => (k === decided ? 1 : 0)));
  const targets = [0, 0, 0, 1, 2];

  it("of several classes are averaged in the way that is asked for", () => {
    const macro = [(1 + 1 / 3 + 0) / 3, (2 / 3 + 1 + 0) / 3, (4 / 5 + 2 / 4 + 0) / 3];
    expectClose(all({}, form, predictions, targets), macro);
    expectClose(all({ average: "micro" }, form, predictions, targets), [3 / 5, 3 / 5, 3 / 5]);
    const weighted = [(3 + 1 / 3) / 5, (2 + 1) / 5, (12 / 5 + 1 / 2) / 5];
    expectClose(all({ average: "weighted" }, form, predictions, targets), weighted);
  });

  it("of several yes or no look at each output", () => {
    const form = { predictions: [2], targets: [2] };
    // Output 0: hits 1, decided 2, actual 1. Output 1: hits 1, decided 1, actual 2.
    const [predictions, targets] = [
      [0.9, 0.1, 0.8, 0.9],
      [1, 1, 0, 1],
    ];
    expectClose(all({ multiLabel: true }, form, predictions, targets), [3 / 4, 3 / 4, 2 / 3]);
    expectClose(all({ multiLabel: true, average: "micro" }, form, predictions, targets), [
      2 / 3,
      2 / 3,
      2 / 3,
    ]);
  });

  it("of several yes or no per position count all positions", () => {
    const form = { predictions: [2, 2], targets: [2, 2] };
    // As above, with the decisions in one row.
    const [predictions, targets] = [
      [0.9, 0.1, 0.8, 0.9],
      [1, 1, 0, 1],
    ];
    expectClose(all({ multiLabel: true }, form, predictions, targets), [3 / 4, 3 / 4, 2 / 3]);
    const twice = [0.9, 0.1, 0.8, 0.9, 0.9, 0.1, 0.8, 0.9];
    expectClose(all({ multiLabel: true }, form, twice, [...targets, 0, 0, 0, 0]), [3 / 8, 3 / 4, 9 / 20]);
  });
});

describe("errors of numbers", () => {
  const form = { predictions: [2], targets: [2] };

  it("rootMeanSquaredError is the root of the whole mean", () => {
    const rows = { predictions: [1, 2, 3, 4], targets: [1, 0, 3, 8], weights: [1, 1] };
    const both = { ...rows, probabilities: rows.predictions };
    expectClose([runMetric(metrics.rootMeanSquaredError, form, both, [1, 1]) as number], [Math.sqrt(5)]);
  });

  it("r2 is the mean over outputs, and works far from zero", () => {
    const predictions = [10001, 3, 10002, 3, 10004, 3];
    const targets = [10001, 5, 10003, 6, 10005, 7];
    // Output 0: residual 2, spread 8. Output 1: residual 29, spread 2.
    expectClose([measure(metrics.r2, form, predictions, targets) as number], [(0.75 - 13.5) / 2]);
    const far = Array.from({ length: 300 }, (_, row) => 1e5 + (row % 2) / 10);
    const column = { predictions: [1], targets: [] };
    expectClose([measure(metrics.r2, column, ones(300).fill(1e5), far) as number], [-1], { relative: 1e-5 });
  });

  it("r2 of constant targets is 1 or 0", () => {
    const column = { predictions: [1], targets: [] };
    expect(measure(metrics.r2, column, [2, 2], [2, 2])).toBe(1);
    expect(measure(metrics.r2, column, [2, 3], [2, 2])).toBe(0);
    // Sums of 0.1 are rounded.
    const tenths = ones(511).fill(0.1);
    expect(measure(metrics.r2, column, tenths, tenths)).toBe(1);
    expect(measure(metrics.r2, column, ones(511), tenths)).toBe(0);
  });

  it("never broadcast", () => {
    const column = { predictions: [1], targets: [] };
    expect(measure(metrics.rootMeanSquaredError, column, [1, 2, 3], [1, 2, 3])).toBe(0);
    expect(measure(metrics.lossMetric(losses.meanSquaredError), column, [1, 2, 3], [1, 2, 3])).toBe(0);
    expect(() => measure(metrics.r2, { predictions: [2], targets: [] }, [1, 2], [1])).toThrow(ShapeError);
  });

  it("any loss is a metric under its own name", () => {
    const metric = metrics.lossMetric(losses.meanAbsoluteError);
    expect(metric.name).toBe("meanAbsoluteError");
    expect(measure(metric, form, [1, 2, 3, 4], [1, 0, 3, 8])).toBe(1.5);
  });
});

describe("areaUnderRoc", () => {
  const area = (probabilities: number[], targets: number[]) =>
    (metrics.areaUnderRoc as CollectingMetric).compute({ probabilities, targets, rows: targets.length });

  it("is the share of pairs in the right order, ties counted half", () => {
    expect(area([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(area([0.5, 0.5, 0.5], [0, 1, 1])).toBe(0.5);
    expect(area([0.9, 0.1], [1, 0])).toBe(1);
    const [probabilities, targets] = [
      numbers("roc", 40).map((x) => Math.round(3 * x)),
      numbers("yes", 40).map((x) => (x > 0 ? 1 : 0)),
    ];
    const pairs = probabilities.flatMap((p, i) =>
      probabilities.flatMap((q, j) =>
        targets[i] === 1 && targets[j] === 0 ? [p > q ? 1 : p === q ? 0.5 : 0] : [],
      ),
    );
    const share = pairs.reduce((a, b) => a + b, 0) / pairs.length;
    expect(area(probabilities, targets)).toBeCloseTo(share, 12);
  });

  it("is NaN without both answers, and for NaN", () => {
    expect(area([0.1, 0.2], [1, 1])).toBeNaN();
    expect(area([0.1, Number.NaN], [1, 0])).toBeNaN();
  });

  it("refuses several outputs", () => {
    expect(() => area([0.1, 0.2, 0.3, 0.4], [1, 0])).toThrow("a network with one output");
  });
});

it("no metric has the name of a loss", () => {
  expect(Object.keys(metrics).filter((name) => name in losses)).toEqual([]);
});
