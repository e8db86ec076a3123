import { interpreter } from "@myelin/compiler";
import {
  gradient,
  interpretGraph,
  matmul,
  mean,
  parameter,
  permutation,
  streamOf,
  type Tensor,
  tanh,
  tensor,
  uniform,
} from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { type FitOptions, Model } from "./index.js";
import {
  applied,
  descent,
  fully,
  logistic,
  momentum,
  network,
  rootSquaredError,
  small,
  softmaxLoss,
  squaredError,
} from "./small-networks.fixture.js";

const backend = interpreter;

/** Points of y = 2 a - 3 b + 0.5 with some noise. */
function line(rows: number): { inputs: number[][]; targets: number[] } {
  const inputs = Array.from({ length: rows }, (_, row) => [
    uniform(1, 1, row) * 2 - 1,
    uniform(1, 2, row) * 2 - 1,
  ]);
  const noise = (row: number) => (uniform(1, 3, row) - 0.5) * 0.2;
  return { inputs, targets: inputs.map(([a, b], row) => 2 * a! - 3 * b! + 0.5 + noise(row)) };
}

/** Solves a symmetric positive definite system by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let pivot = 0; pivot < rows.length; pivot++)
    for (let i = 0; i < rows.length; i++) {
      if (i === pivot) continue;
      const factor = rows[i]![pivot]! / rows[pivot]![pivot]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[pivot]![j]!);
    }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}

const xor = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [0, 1, 1, 0],
};

describe("what it learns", () => {
  it("XOR", async () => {
    const model = new Model(network([2], [1], fully(8, tanh), fully(1)), { seed: 1, backend });
    const run = await model.fit(xor, { loss: logistic, optimizer: descent(0.5), epochs: 400 });
    expect(run.status).toBe("completed");
    expect(run.history).toHaveLength(400);
    expect(run.history.at(-1)!.loss).toBeLessThan(0.05);
    expect(model.classify(xor.inputs)).toEqual(xor.targets);
  });

  it("linear regression: the solution of the normal equations", () => {
    const data = line(40);
    const rows = data.inputs.map((row) => [...row, 1]);
    const matrix = [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    );
    const right = [0, 1, 2].map((i) => rows.reduce((sum, row, k) => sum + row[i]! * data.targets[k]!, 0));
    const [a, b, c] = solve(matrix, right);
    const model = new Model(network([2], [1], fully(1)), { backend });
    model.fitSync(data, { loss: squaredError, optimizer: descent(0.3), epochs: 200, batchSize: 40 });
    const { "fully_1/kernel": kernel, "fully_1/bias": bias } = model.parameters;
    expect(kernel![0]).toBeCloseTo(a!, 5);
    expect(kernel![1]).toBeCloseTo(b!, 5);
    expect(bias![0]).toBeCloseTo(c!, 5);
  });

  it("logistic regression: the solution of Newton's method", () => {
    const { inputs } = line(60);
    const targets = inputs.map(([a, b], row) => Number(a! + b! + (uniform(2, 4, row) - 0.5) * 2 > 0));
    const rows = inputs.map((row) => [...row, 1]);
    let w = [0, 0, 0];
    for (let iteration = 0; iteration < 20; iteration++) {
      const p = rows.map((row) => 1 / (1 + Math.exp(-row.reduce((sum, x, i) => sum + x * w[i]!, 0))));
      const slope = [0, 1, 2].map((i) =>
        rows.reduce((sum, row, k) => sum + row[i]! * (p[k]! - targets[k]!), 0),
      );
      const curvature = [0, 1, 2].map((i) =>
        [0, 1, 2].map((j) => rows.reduce((sum, row, k) => sum + row[i]! * row[j]! * p[k]! * (1 - p[k]!), 0)),
      );
      const change = solve(curvature, slope);
      w = w.map((value, i) => value - change[i]!);
    }
    const model = new Model(network([2], [1], fully(1)), { backend });
    model.fitSync({ inputs, targets }, { loss: logistic, optimizer: descent(2), epochs: 600, batchSize: 60 });
    const { "fully_1/kernel": kernel, "fully_1/bias": bias } = model.parameters;
    expect(kernel![0]).toBeCloseTo(w[0]!, 4);
    expect(kernel![1]).toBeCloseTo(w[1]!, 4);
    expect(bias![0]).toBeCloseTo(w[2]!, 4);
  });
});

describe("the steps it makes", () => {
  it("visit the rows in the order of the seed, the last batch smaller, each epoch's loss weighted by rows", () => {
    const data = line(11);
    const epochs = 3;
    const model = new Model(network([2], [1], fully(3, tanh), fully(1)), { seed: 7, backend });
    const start = model.parameters;
    const { history } = model.fitSync(data, {
      loss: squaredError,
      optimizer: momentum(0.05),
      epochs,
      batchSize: 4,
    });

    // The same by hand: one graph per batch, evaluated by the definition of every operation.
    const names = Object.keys(start);
    const shapes = [[2, 3], [3], [3, 1], [1]];
    let weights = names.map((name) => start[name]!);
    let velocity = weights.map((values) => values.map(() => 0));
    const losses: number[] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = permutation(11, 7, streamOf("shuffle"), epoch);
      let sum = 0;
      for (const batch of [order.slice(0, 4), order.slice(4, 8), order.slice(8, 11)]) {
        const variables = shapes.map((shape, i) => parameter(names[i]!, shape));
        const [k1, b1, k2, b2] = variables as unknown as [Tensor, Tensor, Tensor, Tensor];
        const x = tensor(Array.from(batch, (row) => data.inputs[row]!));
        const y = tensor(Array.from(batch, (row) => [data.targets[row]!]));
        const hidden = tanh(matmul(x as Tensor, k1).add(b1) as Tensor);
        const error = (matmul(hidden, k2).add(b2) as Tensor).subtract(y as Tensor) as Tensor;
        const loss = mean(error.square());
        const outputs = [loss, ...variables.map((variable) => gradient(loss, { variable }).variable)];
        const [value, ...gradients] = interpretGraph(outputs, {
          precision: "f32",
          values: new Map(variables.map((variable, i) => [variable, weights[i]!])),
        });
        sum += value![0]! * batch.length;
        velocity = velocity.map((values, i) =>
          values.map((v, j) => Math.fround(Math.fround(v * Math.fround(0.9)) + gradients[i]![j]!)),
        );
        weights = weights.map((values, i) =>
          values.map((w, j) => w - Math.fround(velocity[i]![j]! * Math.fround(0.05))),
        );
      }
      losses.push(sum / 11);
    }
    expect(history.map(({ loss }) => loss)).toEqual(losses.map((loss) => expect.closeTo(loss, 6)));
    names.forEach((name, i) => {
      const expected = Array.from(weights[i]!, (value) => expect.closeTo(value, 6));
      expect(Array.from(model.parameters[name]!), name).toEqual(expected);
    });
  });

  it("are the same for one seed, in time slices or at once, and others for another", async () => {
    const options: FitOptions = {
      loss: squaredError,
      optimizer: momentum(0.01),
      metrics: [rootSquaredError],
      epochs: 4,
      batchSize: 8,
    };
    const noisy = () =>
      network(
        [2],
        [1],
        fully(4, tanh),
        applied(
          "noise",
          ({ input, random, training }) => (training ? input.multiply(random(input.shape)) : input) as Tensor,
        ),
        fully(1),
      );
    const make = (seed: number) => new Model(noisy(), { seed, backend });
    const [first, second, third] = [make(3), make(3), make(4)];
    const a = await first.fit(line(50), options);
    const b = second.fitSync(line(50), options);
    third.fitSync(line(50), options);
    expect(second.parameters).toEqual(first.parameters);
    expect(third.parameters).not.toEqual(first.parameters);
    const comparable = ({ history }: typeof a) => history.map((event) => ({ ...event, seconds: 0 }));
    expect(comparable(a)).toEqual(comparable(b));
  });

  it("draw other random numbers in every step, and the same in the same step of the same seed", () => {
    // The parameter's gradient is the random number, so each step adds one.
    const layer = {
      ...applied(
        "draw",
        ({ input, random, parameters }) =>
          input.multiply(0).add((parameters.sum as Tensor).multiply(random([1]))) as Tensor,
      ),
      parameters: () => ({
        sum: { shape: [1], initializer: { ...small, generate: () => new Float32Array(1) } },
      }),
    };
    const loss = { ...squaredError, perRow: (predictions: Tensor) => predictions.reshape([-1]) as Tensor };
    const sums = (epochs: number) => {
      const model = new Model(network([1], [1], layer), { seed: 5, backend });
      model.fitSync(
        { inputs: [0, 0, 0], targets: [0, 0, 0] },
        { loss, optimizer: descent(1), epochs, batchSize: 1 },
      );
      return model.parameters["draw_1/sum"]![0]!;
    };
    const drawn = Array.from({ length: 6 }, (_, step) => uniform(5, streamOf("draw_1#0"), 0, step));
    expect(new Set(drawn).size).toBe(6);
    expect(sums(1)).toBeCloseTo(-drawn.slice(0, 3).reduce((a, b) => a + b), 5);
    expect(sums(2)).toBeCloseTo(-drawn.reduce((a, b) => a + b), 5);
  });

  it("start from fresh optimizer state, unless the optimizer is the same value", () => {
    const options = { loss: squaredError, epochs: 1, batchSize: 5, shuffle: false };
    const after = (
      first: ReturnType<typeof momentum>,
      second: ReturnType<typeof momentum>,
      between?: FitOptions,
    ) => {
      const model = new Model(network([2], [1], fully(1)), { seed: 2, backend });
      model.fitSync(line(20), { ...options, optimizer: first });
      if (between !== undefined) model.fitSync(line(20), between);
      model.fitSync(line(20), { ...options, optimizer: second });
      return model.parameters;
    };
    const optimizer = momentum(0.05);
    const whole = new Model(network([2], [1], fully(1)), { seed: 2, backend });
    whole.fitSync(line(20), { ...options, optimizer: momentum(0.05), epochs: 2 });
    expect(after(optimizer, optimizer)).toEqual(whole.parameters);
    expect(after(optimizer, momentum(0.05))).not.toEqual(whole.parameters);
  });

  it("keep the optimizer's state when only the loss or the data change", () => {
    const seen: number[] = [];
    const optimizer = {
      ...momentum(0.01),
      learningRate: (step: number) => 0.01 * Math.min(1, seen.push(step)),
    };
    const model = new Model(network([2], [1], fully(1)), { backend });
    model.fitSync(line(20), { loss: squaredError, optimizer, batchSize: 10 });
    seen.length = 0;
    model.fitSync(line(30), { loss: { ...squaredError }, optimizer, batchSize: 10 });
    expect(Math.max(...seen)).toBe(4);
  });

  it("follow a schedule row by row, and rateFactor at once", () => {
    // The gradient of the mean of the outputs by the bias is 1, so the bias adds up the rates.
    const loss = { ...squaredError, perRow: (predictions: Tensor) => predictions.reshape([-1]) as Tensor };
    const model = new Model(network([1], [1], fully(1)), { backend });
    const before = model.parameters["fully_1/bias"]![0]!;
    const rates: number[] = [];
    model.fitSync(
      { inputs: [0, 0, 0, 0, 0], targets: [0, 0, 0, 0, 0] },
      {
        loss,
        optimizer: descent({ config: { kind: "linear" }, rate: (step) => step + 1 }),
        epochs: 2,
        batchSize: 2,
        onEpoch: ({ learningRate }, control) => {
          rates.push(learningRate);
          control.rateFactor = 10;
        },
      },
    );
    expect(rates).toEqual([3, 60]);
    expect(model.parameters["fully_1/bias"]![0]).toBeCloseTo(before - (1 + 2 + 3) - 10 * (4 + 5 + 6), 4);
  });

  it("take no notice of rows without weight, and repeat those with more", () => {
    const data = line(12);
    const options = { loss: squaredError, optimizer: descent(0.1), epochs: 3, batchSize: 12, shuffle: false };
    const weighted = new Model(network([2], [1], fully(1)), { backend });
    const sampleWeights = data.inputs.map((_, row) => (row < 4 ? 2 : row < 8 ? 1 : 0));
    const run = weighted.fitSync(data, { ...options, sampleWeights });
    const rows = [0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7];
    const repeated = new Model(network([2], [1], fully(1)), { backend });
    const same = repeated.fitSync(
      { inputs: rows.map((row) => data.inputs[row]!), targets: rows.map((row) => data.targets[row]!) },
      options,
    );
    for (const [name, values] of Object.entries(repeated.parameters))
      expect(Array.from(weighted.parameters[name]!)).toEqual(
        Array.from(values, (value) => expect.closeTo(value, 5)),
      );
    expect(run.history.map(({ loss }) => loss)).toEqual(
      same.history.map(({ loss }) => expect.closeTo(loss, 5)),
    );
  });

  it("leave out rows of weight 0, even where their loss is not finite", () => {
    const { inputs, targets } = line(6);
    const options = { loss: squaredError, optimizer: descent(0.1), epochs: 2, batchSize: 6, shuffle: false };
    const [all, some] = [0, 1].map(() => new Model(network([2], [1], fully(1)), { backend }));
    const run = all!.fitSync(
      { inputs, targets: [...targets.slice(0, 5), 1e30] },
      { ...options, sampleWeights: [1, 1, 1, 1, 1, 0] },
    );
    expect(run.status).toBe("completed");
    some!.fitSync({ inputs: inputs.slice(0, 5), targets: targets.slice(0, 5) }, options);
    for (const [name, values] of Object.entries(some!.parameters))
      expect(Array.from(all!.parameters[name]!)).toEqual(
        Array.from(values, (value) => expect.closeTo(value, 5)),
      );
  });

  it("weight classes by label", () => {
    const inputs = line(12).inputs;
    const targets = inputs.map((_, row) => ["cat", "dog", "eel"][row % 3]!);
    const options = { loss: softmaxLoss, optimizer: descent(0.1), epochs: 2, batchSize: 5 };
    const make = () => new Model(network([2], [3], fully(3)), { backend });
    const [byClass, byRow] = [make(), make()];
    byClass.fitSync({ inputs, targets }, { ...options, classWeights: { dog: 3, eel: 0.5 } });
    byRow.fitSync(
      { inputs, targets },
      { ...options, sampleWeights: targets.map((label) => ({ cat: 1, dog: 3, eel: 0.5 })[label]!) },
    );
    expect(byClass.parameters).toEqual(byRow.parameters);
    expect(byClass.labels).toEqual(["cat", "dog", "eel"]);
  });

  it("add penalties to the loss and write the updates of layers", () => {
    const layer = {
      ...applied("watch", ({ input, parameters, update, addPenalty, training }) => {
        update("rows", (parameters.rows as Tensor).add(input.shape[0] as number));
        if (training) addPenalty(tensor(100));
        return input;
      }),
      parameters: () => ({
        rows: { shape: [], trainable: false, initializer: { ...small, generate: () => new Float32Array(1) } },
      }),
    };
    const model = new Model(network([2], [1], layer, fully(1)), { backend });
    const run = model.fitSync(line(11), {
      loss: squaredError,
      optimizer: descent(0.1),
      epochs: 2,
      batchSize: 4,
      validation: line(5),
    });
    expect(model.parameters["watch_1/rows"]).toEqual(Float32Array.of(22));
    expect(run.history[0]!.loss).toBeGreaterThan(100);
    expect(run.history[0]!.validation!.loss).toBeLessThan(100);
  });

  it("refuse an update of a parameter that does not exist, or is trained", () => {
    for (const name of ["gian", "gain"]) {
      const layer = {
        ...applied("watch", ({ input, update }) => {
          update(name, tensor(1));
          return input;
        }),
        parameters: () => ({ gain: { shape: [1], initializer: small } }),
      };
      const model = new Model(network([2], [1], layer, fully(1)), { backend });
      expect(() => model.fitSync(line(4), { loss: squaredError, optimizer: descent(0.1) })).toThrow(
        `[update] expected the name of a parameter with trainable: false, received "watch_1/${name}".`,
      );
    }
  });

  it("leave frozen parameters as they are, and clip gradients in their own shapes", () => {
    const frozen = { ...fully(3, tanh), trainable: false };
    const parameters: typeof frozen.parameters = (shape) =>
      Object.fromEntries(
        Object.entries(fully(3).parameters(shape)).map(([name, spec]) => [
          name,
          { ...spec, trainable: false },
        ]),
      ) as never;
    const shapes: (readonly number[])[] = [];
    const clipping = {
      config: { kind: "watching" },
      apply: (gradients: readonly Tensor[]) =>
        gradients.map((part) => part.multiply(0 * shapes.push(part.shape)) as Tensor),
    };
    const make = () => new Model(network([2], [1], { ...frozen, parameters }, fully(1)), { backend });
    const [trained, clipped] = [make(), make()];
    const start = trained.parameters;
    trained.fitSync(line(8), { loss: squaredError, optimizer: descent(0.1) });
    expect(trained.parameters["fully_1/kernel"]).toEqual(start["fully_1/kernel"]);
    expect(trained.parameters["fully_2/kernel"]).not.toEqual(start["fully_2/kernel"]);
    clipped.fitSync(line(8), { loss: squaredError, optimizer: descent(0.1, clipping) });
    expect(clipped.parameters).toEqual(start);
    expect(shapes).toEqual([[3, 1], [1]]);
  });
});

describe("validation", () => {
  it("cuts the last rows off before shuffling", () => {
    const data = line(10);
    const options = {
      loss: squaredError,
      optimizer: descent(0.1),
      metrics: [rootSquaredError],
      epochs: 2,
      batchSize: 3,
    };
    const [split, given] = [0, 1].map(
      () => new Model(network([2], [1], fully(1)), { backend }),
    ) as unknown as [Model, Model];
    const a = split.fitSync(data, { ...options, validation: { split: 0.25 } });
    const cut = (start: number, end: number) => ({
      inputs: data.inputs.slice(start, end),
      targets: data.targets.slice(start, end),
    });
    const b = given.fitSync(cut(0, 7), { ...options, validation: cut(7, 10) });
    expect(split.parameters).toEqual(given.parameters);
    expect(a.history.map(({ validation }) => validation)).toEqual(
      b.history.map(({ validation }) => validation),
    );
    expect(a.history[1]!.validation).toEqual(split.evaluate(cut(7, 10)));
  });

  it("leaves rows on both sides", async () => {
    const model = new Model(network([2], [1], fully(1)), { backend });
    const run = model.fit(line(3), { loss: squaredError, optimizer: descent(1), validation: { split: 0.9 } });
    await expect(run).rejects.toThrow(
      "[fit] expected a split that leaves rows on both sides, received 0.9. Of 3 rows, 0 would remain.",
    );
  });
});

describe("metrics", () => {
  it("are those of the predictions that the loss was made of", () => {
    const model = new Model(network([2], [1], fully(1)), { backend });
    const run = model.fitSync(line(11), {
      loss: squaredError,
      optimizer: descent(0.1),
      metrics: [rootSquaredError],
      epochs: 3,
      batchSize: 4,
    });
    for (const { loss, metrics } of run.history)
      expect((metrics.rootSquaredError as number) ** 2).toBeCloseTo(loss, 5);
  });
});

describe("arguments", () => {
  const model = () => new Model(network([2], [1], fully(1)), { backend });
  const options = { loss: squaredError, optimizer: descent(1) };

  it.each([
    [{ epochs: 0 }, "[fit] expected a whole number of at least 1 as epochs, received 0."],
    [{ batchSize: 2.5 }, "[fit] expected a whole number of at least 1 as batchSize, received 2.5."],
    [{ sampleWeights: [1] }, "[fit] expected 5 sampleWeights, received 1."],
    [{ sampleWeights: [1, 1, -1, 1, 1] }, "[fit] expected a weight of at least 0 for row 2, received -1."],
  ])("that make no sense are refused: %j", async (wrong, message) => {
    await expect(model().fit(line(5), { ...options, ...wrong })).rejects.toThrow(message);
  });

  it("must go with something to train", async () => {
    const nothing = new Model(
      network(
        [1],
        [1],
        applied("same", ({ input }) => input),
      ),
      { backend },
    );
    await expect(nothing.fit({ inputs: [1], targets: [1] }, options)).rejects.toThrow(
      "a network with parameters to train",
    );
  });

  it("that are refused leave the model as it was", async () => {
    const untouched = model();
    untouched.fitSync(line(5), options);
    const before = untouched.parameters;
    await expect(untouched.fit({ inputs: [[1, Number.NaN]], targets: [1] }, options)).rejects.toThrow(
      "row 0, column 1",
    );
    expect(untouched.parameters).toEqual(before);
    expect(untouched.evaluate(line(5)).loss).toBeGreaterThan(0);
  });
});
