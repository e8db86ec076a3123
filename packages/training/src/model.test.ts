import { interpreter, type Program } from "@myelin/compiler";
import { type CollectingMetric, matmul, tanh } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { Model } from "./index.js";
import {
  applied,
  descent,
  fully,
  logistic,
  network,
  rootSquaredError,
  softmaxLoss,
  squaredError,
} from "./small-networks.fixture.js";

const backend = interpreter;
const make = (seed = 1) => new Model(network([2], [3], fully(4, tanh), fully(3)), { seed, backend });

/** What the network of `make` should output, in float64. */
function byHand(model: Model<readonly [2], readonly [3]>, row: readonly number[]): number[] {
  const {
    "fully_1/kernel": k1,
    "fully_1/bias": b1,
    "fully_2/kernel": k2,
    "fully_2/bias": b2,
  } = model.parameters;
  const hidden = [0, 1, 2, 3].map((j) =>
    Math.tanh(b1![j]! + row.reduce((sum, x, i) => sum + x * k1![i * 4 + j]!, 0)),
  );
  return [0, 1, 2].map((j) => b2![j]! + hidden.reduce((sum, h, i) => sum + h * k2![i * 3 + j]!, 0));
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));
const rowsOf = (count: number) => Array.from({ length: count }, (_, row) => [row / count, 1 - row / 50]);

describe("predict", () => {
  it("names the first number that is not finite, in whatever part of the rows", () => {
    const model = make();
    for (const [wrong, place, read] of [
      [Number.NaN, 5, "row 2, column 1"],
      [Number.POSITIVE_INFINITY, 2998, "row 1499, column 0"],
      [Number.NEGATIVE_INFINITY, 0, "row 0, column 0"],
    ] as const) {
      const rows = new Float32Array(3000).fill(-1);
      rows.fill(wrong, place);
      const message = `expected a finite number (float32) in ${read} of the rows, received ${wrong}.`;
      expect(() => model.predict(rows)).toThrow(`[predict] ${message}`);
      expect(() => model.classify(rows, { loss: softmaxLoss })).toThrow(`[classify] ${message}`);
      expect(() => model.predict({ data: rows, shape: [1500, 2] }, { batchSize: 7 })).toThrow(message);
    }
    expect(() => model.predict(Float64Array.of(1, 1e39))).toThrow(
      "row 0, column 1 of the rows, received 1e+39.",
    );
    expect(model.predict(Float32Array.of(-0, 3e38))).toHaveLength(3);
  });

  it("looks for such numbers in the program only where nobody has looked at the rows before", () => {
    const outputs: string[][] = [];
    const device = backend.open();
    const recording = {
      name: "recording",
      open: () => ({
        ...device,
        compile(program: Program) {
          outputs.push(Object.keys(program.outputs));
          return device.compile(program);
        },
      }),
    };
    const model = new Model(network([2], [3], fully(3)), { seed: 1, backend: recording });
    // By turns: each kind has a program of its own, which stays.
    for (let turn = 0; turn < 2; turn++) {
      expect([...model.predict(Float32Array.of(1, 2))]).toEqual(model.predict([1, 2]));
      expect(() => model.predict(Float32Array.of(1, Number.NaN))).toThrow("row 0, column 1");
    }
    expect(outputs).toEqual([["predictions", "zero"], ["predictions"]]);
  });

  it("answers in the form of the question", () => {
    const model = make();
    const [first, second] = [byHand(model, [1, 2]), byHand(model, [3, -4])];
    expect(model.predict([1, 2])).toEqual(close(first));
    expect(model.predict([[1, 2]])).toEqual([close(first)]);
    expect(
      model.predict([
        [1, 2],
        [3, -4],
      ]),
    ).toEqual([close(first), close(second)]);
    expect(model.predict([Float32Array.of(1, 2), Float32Array.of(3, -4)] as never)).toEqual([
      close(first),
      close(second),
    ]);
    const flat = model.predict(Float32Array.of(1, 2, 3, -4));
    expect(flat).toBeInstanceOf(Float32Array);
    expect(Array.from(flat)).toEqual(close([...first, ...second]));
    expect(Array.from(model.predict(Uint8Array.of(1, 2)))).toEqual(close(first));
    expect(Array.from(model.predict(Int32Array.of(3, -4)))).toEqual(close(second));
    const shaped = model.predict({ data: [1, 2, 3, -4], shape: [2, 2] });
    expect(shaped.shape).toEqual([2, 3]);
    expect(Array.from(shaped.data)).toEqual(close([...first, ...second]));
    expect(model.predict({ data: [1, 2], shape: [2] }).shape).toEqual([3]);
  });

  it.each([1, 8, 9, 256, 257, 600, 1000, 2040])("does not depend on how %i rows are grouped", (count) => {
    const model = make();
    const rows = rowsOf(count);
    const alone = rows.map((row) => model.predict(row));
    expect(model.predict(rows)).toEqual(alone);
    expect(model.predict(rows, { batchSize: 7 })).toEqual(alone);
    expect(model.predict(rows, { batchSize: 1 })).toEqual(alone);
  });

  it("gives probabilities through the link of the last loss, or of a given one", () => {
    const model = make();
    expect(() => model.predict([1, 2], { probabilities: true })).toThrow(
      "[predict] expected a loss, received",
    );
    const powers = byHand(model, [1, 2]).map(Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    expect(model.predict([1, 2], { probabilities: true, loss: softmaxLoss })).toEqual(
      close(powers.map((power) => power / sum)),
    );
    expect(model.predict([1, 2], { probabilities: true, loss: squaredError })).toEqual(
      close(byHand(model, [1, 2])),
    );
    expect(model.predict([1, 2], { probabilities: true, loss: softmaxLoss })).toEqual(
      close(powers.map((power) => power / sum)),
    );
    model.fitSync({ inputs: [[0, 0]], targets: [1] }, { loss: softmaxLoss, optimizer: descent(0) });
    expect(model.predict([1, 2], { probabilities: true })).toEqual(close(powers.map((power) => power / sum)));
  });

  it("names what it cannot use", () => {
    const model = make();
    expect(() => model.predict([1, 2, 3] as never)).toThrow(
      "[predict] expected 2 numbers in row 0 of the rows, received 3 entries. Each row needs the shape [2] here.",
    );
    expect(() => model.predict(new Float32Array(5))).toThrow(
      "[predict] expected a multiple of 2 numbers of the rows, received 5 numbers.",
    );
  });
});

describe("classify", () => {
  it("gives the index of the largest output, or the label", () => {
    const model = make();
    const rows = rowsOf(20);
    const expected = rows.map((row) => {
      const scores = byHand(model, row);
      return scores.indexOf(Math.max(...scores));
    });
    expect(model.classify(rows)).toEqual(expected);
    expect(model.labels).toBeUndefined();
    model.fitSync(
      { inputs: rows.slice(0, 3), targets: ["b", "c", "a"] },
      { loss: softmaxLoss, optimizer: descent(0) },
    );
    expect(model.labels).toEqual(["a", "b", "c"]);
    expect(model.classify(rows)).toEqual(expected.map((index) => "abc"[index]));
    expect(model.classify(rows[0]!)).toEqual(["abc"[expected[0]!]]);
  });

  it("decides at a probability of one half where there is one output", () => {
    const model = new Model(network([1], [1], fully(1)), { backend });
    model.setParameters({ "fully_1/kernel": [1], "fully_1/bias": [-0.6] });
    expect(model.classify([[0.5], [0.7]], { loss: logistic })).toEqual([0, 1]);
    // As probabilities, these outputs are small.
    const loss = { ...logistic, link: squaredError.link };
    expect(model.classify([[0.7], [1.2]], { loss })).toEqual([0, 1]);
  });

  it.each([
    [squaredError, [3], "outputs [3] for squaredError"],
    [logistic, [3], "outputs [3] for logistic"],
    [squaredError, [1], "outputs [1] for squaredError"],
    [softmaxLoss, [2, 3], "outputs [2, 3] for softmaxLoss"],
    [undefined, [2, 3], "outputs [2, 3] for classes"],
  ] as const)("refuses outputs that are no decision: %#", (loss, output, received) => {
    const units = output.reduce<number>((size, extent) => size * extent, 1);
    const shaped = applied("shaped", ({ input }) => input.reshape([input.shape[0] as number, ...output]));
    const model = new Model(network([2], output, fully(units), shaped), { backend });
    expect(() => model.classify([[1, 2]], { loss })).toThrow(
      `[classify] expected one decision per row, received ${received}. Use predict, or a loss for classes.`,
    );
  });

  it("goes by the loss that is given, else by that of the last fit", () => {
    const model = make();
    const data = { inputs: [[0, 0]], targets: [[0, 1, 0]] };
    expect(model.classify([1, 2])).toHaveLength(1);
    model.fitSync(data, { loss: squaredError, optimizer: descent(0) });
    expect(() => model.classify([1, 2])).toThrow("received outputs [3] for squaredError.");
    expect(model.classify([1, 2], { loss: softmaxLoss })).toHaveLength(1);
  });
});

describe("labels", () => {
  const classes = { inputs: rowsOf(3), targets: ["b", "c", "a"] };
  const options = { loss: softmaxLoss, optimizer: descent(0) };

  it("stay those of the model", () => {
    const model = make();
    model.fitSync(classes, options);
    model.fitSync(classes, { ...options, labels: ["a", "b", "c"] });
    expect(() => model.fitSync(classes, { ...options, labels: ["c", "b", "a"] })).toThrow(
      '[fit] expected a,b,c as labels, received ["c", "b", "a"].',
    );
    expect(() => model.fitSync({ ...classes, targets: ["b", "c", "d"] }, options)).toThrow(
      'one of the labels a, b, c in row 2 of targets, received "d".',
    );
    expect(model.labels).toEqual(["a", "b", "c"]);
  });

  it("name indices, too", () => {
    const model = make();
    model.fitSync({ ...classes, targets: [0, 1, 2] }, { ...options, labels: ["x", "y", "z"] });
    expect(["x", "y", "z"]).toContain(model.classify([1, 2])[0]);
  });
});

describe("evaluate", () => {
  const data = (rows: number) => ({
    inputs: rowsOf(rows),
    targets: rowsOf(rows).map(([a, b]) => [a!, b!, a! * b!]),
  });

  it.each([1, 5, 256, 300])("is the mean over %i rows, whatever fills up the last chunk", (rows) => {
    const model = make();
    const { inputs, targets } = data(rows);
    const errors = inputs.map((row, k) => byHand(model, row).map((y, j) => (y - targets[k]![j]!) ** 2));
    const sums = errors.map((squares) => squares.reduce((a, b) => a + b));
    const mean = sums.reduce((a, b) => a + b) / rows;
    expect(model.evaluate({ inputs, targets }, { loss: squaredError, metrics: [rootSquaredError] })).toEqual({
      loss: expect.closeTo(mean / 3, 5),
      rootSquaredError: expect.closeTo(Math.sqrt(mean), 5),
    });
  });

  it("takes loss and metrics of the last fit, and is an error before one", () => {
    const model = make();
    expect(() => model.evaluate(data(3))).toThrow("[evaluate] expected a loss, received");
    model.fitSync(data(3), { loss: squaredError, optimizer: descent(0.1), metrics: [rootSquaredError] });
    expect(model.evaluate(data(3))).toEqual(
      model.evaluate(data(3), { loss: squaredError, metrics: [rootSquaredError] }),
    );
    expect(Object.keys(model.evaluate(data(3), { metrics: [] }))).toEqual(["loss"]);
  });

  it("gives metrics that need all predictions at once the probabilities of all rows", () => {
    const seen: unknown[] = [];
    const metric: CollectingMetric = {
      name: "all",
      config: { kind: "all" },
      collect: true,
      compute: ({ probabilities, targets, rows }) => {
        seen.push(probabilities.length, Array.from(targets), rows);
        return Array.from(probabilities).reduce((a, b) => a + b);
      },
    };
    const model = make();
    const inputs = rowsOf(300);
    const targets = inputs.map((_, row) => row % 3);
    const { all } = model.evaluate({ inputs, targets }, { loss: softmaxLoss, metrics: [metric] });
    expect(all).toBeCloseTo(300, 3);
    expect(seen).toEqual([900, targets, 300]);
    const run = model.fitSync(
      { inputs, targets },
      { loss: softmaxLoss, optimizer: descent(0.1), metrics: [metric], validation: { inputs, targets } },
    );
    expect(run.history[0]!.metrics).toEqual({});
    expect(run.history[0]!.validation!.all).toBeCloseTo(300, 3);
  });
});

describe("parameters", () => {
  it("are copies by name, alike for one seed and for one name", () => {
    const model = make();
    expect(Object.entries(model.parameters).map(([name, values]) => [name, values.length])).toEqual([
      ["fully_1/kernel", 8],
      ["fully_1/bias", 4],
      ["fully_2/kernel", 12],
      ["fully_2/bias", 3],
    ]);
    model.parameters["fully_1/bias"]!.fill(7);
    expect(model.parameters).toEqual(make().parameters);
    expect(model.parameters).not.toEqual(make(2).parameters);
    // A layer in front of it does not change a layer of the same name.
    const other = new Model(network([2], [3], fully(4), fully(3), fully(5)), { seed: 1, backend });
    expect(other.parameters["fully_2/kernel"]).toEqual(model.parameters["fully_2/kernel"]);
  });

  it("can be set, all or none", () => {
    const model = make();
    const before = model.parameters;
    model.setParameters({ "fully_2/bias": [1, 2, 3] });
    expect(model.parameters).toEqual({ ...before, "fully_2/bias": Float32Array.of(1, 2, 3) });
    const set = model.parameters;
    const attempts: [Record<string, ArrayLike<number>>, string][] = [
      [
        { "fully_2/bias": [4, 5, 6], none: [1] },
        '[setParameters] expected one of fully_1/kernel, fully_1/bias, fully_2/kernel, fully_2/bias, received "none".',
      ],
      [
        { "fully_2/bias": [4, 5, 6], "fully_1/bias": [1] },
        '[setParameters] expected 4 numbers for "fully_1/bias", received 1 numbers.',
      ],
      [
        { "fully_2/bias": [4, 5, 6], "fully_1/bias": [1, 2, Number.NaN, 4] },
        '[setParameters] expected a finite number at 2 of "fully_1/bias", received NaN.',
      ],
    ];
    for (const [values, message] of attempts) expect(() => model.setParameters(values)).toThrow(message);
    expect(model.parameters).toEqual(set);
  });
});

describe("state", () => {
  it("makes the same model again", () => {
    const model = make();
    model.fitSync(
      { inputs: rowsOf(3), targets: ["x", "y", "z"] },
      { loss: softmaxLoss, optimizer: descent(0.1) },
    );
    model.preprocessing = { scale: 2 };
    const state = model.state();
    expect(state.config).toEqual({ kind: "network" });
    expect(state.tensors["fully_1/kernel"]!.shape).toEqual([2, 4]);
    const again = new Model(network([2], [3], fully(4, tanh), fully(3)), { seed: 9, backend, state });
    expect(again.parameters).toEqual(model.parameters);
    expect(again.labels).toEqual(["x", "y", "z"]);
    expect(again.preprocessing).toEqual({ scale: 2 });
    expect(again.state()).toEqual(state);
  });

  it("of another network is refused", () => {
    const state = make().state();
    const { "fully_1/bias": _, ...tensors } = state.tensors;
    expect(
      () => new Model(network([2], [3], fully(4), fully(3)), { backend, state: { ...state, tensors } }),
    ).toThrow('[Model] expected a saved tensor "fully_1/bias", received no such tensor.');
    expect(() => new Model(network([2], [3], fully(5), fully(3)), { backend, state })).toThrow(
      '[Model] expected shape [2, 5] of "fully_1/kernel", received [2, 4].',
    );
    expect(() => new Model(network([2], [3], fully(3)), { backend, state })).toThrow("fully_1/kernel");
  });
});

it("has a summary", () => {
  const frozen = {
    ...fully(4),
    parameters: () => ({
      kernel: {
        shape: [2, 4],
        initializer: { config: { kind: "z" }, generate: () => new Float32Array(8) },
        trainable: false,
      },
    }),
    forward: (context: Parameters<ReturnType<typeof fully>["forward"]>[0]) =>
      matmul(context.input, context.parameters.kernel as never),
  } as never;
  const model = new Model(network([2], [3], frozen, fully(3)), { backend });
  expect(`\n${model.summary()}\n`).toMatchInlineSnapshot(`
    "
    layer    output  parameters
    input    [2]              0
    fully_1  [3]              8
    fully_2  [3]             15
    23 parameters, 15 of them trained
    "
  `);
});
