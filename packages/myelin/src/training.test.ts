import { describe, expect, it } from "vitest";
import {
  accuracy,
  adam,
  binaryCrossEntropy,
  blobs,
  clipByGlobalNorm,
  confusionMatrix,
  crossEntropy,
  dense,
  dropout,
  earlyStopping,
  type FitOptions,
  identity,
  interpreter,
  Model,
  regularizers,
  relu,
  rescaling,
  sequential,
  sigmoid,
  softmax,
  split,
  wasm,
} from "./index.js";

const samples = blobs({ rows: 210, seed: 3 });
const { train, test } = split(samples, { test: 0.3, seed: 1 });

function make(backend = wasm) {
  return new Model(
    sequential(
      [2],
      rescaling(0.5),
      dense(16, { activation: relu, kernelRegularizer: regularizers.l2(1e-4) }),
      dropout(0.2),
      dense(3),
    ),
    { seed: 2, backend },
  );
}

const options: FitOptions = {
  loss: crossEntropy({ fromLogits: true }),
  optimizer: adam({ learningRate: 0.02, clipping: clipByGlobalNorm(1) }),
  metrics: [accuracy, confusionMatrix],
  epochs: 12,
  batchSize: 16,
  validation: test,
};

describe.each([wasm, interpreter])("predict with $name", (backend) => {
  it("finds a number that is not finite wherever it is", () => {
    const model = new Model(sequential([37], dense(3, { activation: relu })), { seed: 1, backend });
    for (const [rows, place] of [
      [1, 36],
      [1, 0],
      [2048, 2048 * 37 - 1],
      [300, 5000],
    ] as const) {
      // biome-ignore format: a table
      const data = new Float32Array(rows * 37).fill(1e38);
      expect(model.predict(data)).toHaveLength(rows * 3);
      data[place] = Number.NaN;
      const message = `row ${Math.floor(place / 37)}, column ${place % 37} of the rows, received NaN`;
      expect(() => model.predict(data)).toThrow(message);
    }
  });
});

describe("a whole run", () => {
  it("is the same bit for bit from one seed, and nearly the same on the interpreter", () => {
    const [first, second, portable] = [make(), make(), make(interpreter)];
    const a = first.fitSync(train, options);
    const b = second.fitSync(train, {
      ...options,
      optimizer: adam({ learningRate: 0.02, clipping: clipByGlobalNorm(1) }),
    });
    const c = portable.fitSync(train, options);
    expect(second.parameters).toEqual(first.parameters);
    expect(b.history.map(({ loss, validation }) => [loss, validation])).toEqual(
      a.history.map(({ loss, validation }) => [loss, validation]),
    );
    expect([a.engine, c.engine]).toEqual(["wasm", "interpreter"]);
    c.history.forEach(({ loss }, i) => void expect(loss).toBeCloseTo(a.history[i]!.loss, 4));
    for (const [name, values] of Object.entries(portable.parameters))
      expect(Array.from(values), name).toEqual(
        Array.from(first.parameters[name]!, (value) => expect.closeTo(value, 3)),
      );
  });

  it("learns, and reports what evaluate reports", async () => {
    const model = make();
    const run = await model.fit(train, options);
    const last = run.history.at(-1)!;
    expect(last.validation).toEqual(model.evaluate(test));
    expect(last.validation!.accuracy).toBeGreaterThan(0.9);
    const classes = model.classify(test.inputs);
    const right = classes.filter((index, row) => index === test.targets.data[row]).length;
    expect(right / classes.length).toBeCloseTo(last.validation!.accuracy as number, 6);
    const table = last.validation!.confusionMatrix as readonly (readonly number[])[];
    expect(table.flat().reduce((sum, count) => sum + count)).toBe(classes.length);
    expect(table.reduce((sum, counts, index) => sum + counts[index]!, 0)).toBe(right);
  });

  it("stops early with the best weights", async () => {
    const model = make();
    const run = await model.fit(train, {
      ...options,
      epochs: 500,
      callbacks: [earlyStopping({ monitor: "validation.loss", patience: 4 })],
    });
    expect(run.status).toBe("stopped");
    const losses = run.history.map(({ validation }) => validation!.loss);
    expect(model.evaluate(test).loss).toBe(Math.min(...losses));
  });
});

it("tells a network that ends in logits from one that ends in probabilities", () => {
  const pairs: [Parameters<typeof dense>[1], FitOptions["loss"], boolean][] = [
    [{}, crossEntropy(), false],
    [{ activation: identity, useBias: false }, crossEntropy(), false],
    [{ activation: softmax }, crossEntropy({ fromLogits: true }), false],
    [{ activation: sigmoid }, binaryCrossEntropy({ fromLogits: true }), false],
    [{ activation: softmax }, crossEntropy(), true],
    [{ activation: sigmoid }, binaryCrossEntropy(), true],
    [{}, crossEntropy({ fromLogits: true }), true],
  ];
  for (const [last, loss, fits] of pairs) {
    const model = new Model(sequential([2], dense(3, { activation: relu }), dense(3, last)), { seed: 1 });
    const data = { inputs: [[0, 1]], targets: [[0, 1, 0]] };
    const run = () => model.fitSync(data, { loss, optimizer: adam() }).status;
    if (fits) expect(run()).toBe("completed");
    else expect(run).toThrow("[fit] expected a network that ends in");
  }
});
