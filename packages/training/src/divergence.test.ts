import { interpreter } from "@myelin/compiler";
import { lessOrEqual, log, select, type Tensor, tanh } from "@myelin/tensor";
import { afterEach, expect, it, vi } from "vitest";
import { type DataSet, type FitOptions, Model } from "./index.js";
import { applied, descent, fully, network, squaredError } from "./small-networks.fixture.js";

const data = { inputs: [0, 1, 2, 3, 4], targets: [1, 3, 5, 7, 9] };
const wild: FitOptions = {
  loss: squaredError,
  optimizer: descent(3),
  epochs: 1000,
  batchSize: 2,
  shuffle: false,
};
const make = () => new Model(network([1], [1], fully(1)), { seed: 1, backend: interpreter });

afterEach(() => vi.restoreAllMocks());

/** Runs step by step and keeps the parameters before each, as long as the loss of the step is finite. */
function byHand(): { epoch: number; step: number; last: Record<string, Float32Array> } {
  const model = make();
  let before = model.parameters;
  const optimizer = descent(3);
  for (let epoch = 1; ; epoch++) {
    for (const [step, rows] of [[0, 1], [2, 3], [4]].entries()) {
      const batch = {
        inputs: rows.map((row) => data.inputs[row]!),
        targets: rows.map((row) => data.targets[row]!),
      };
      const now = model.parameters;
      if (!Number.isFinite(model.evaluate(batch, { loss: squaredError }).loss))
        return { epoch, step: step + 1, last: before };
      before = now;
      model.fitSync(batch, { ...wild, optimizer, epochs: 1 });
    }
  }
}

it("restores the weights of the last finite loss, says where it happened and what to try", async () => {
  const model = make();
  const run = await model.fit(data, wild);
  const { epoch, step, last } = byHand();
  expect(run.status).toBe("diverged");
  expect(run.message).toBe(
    `The loss became Infinity in epoch ${epoch}, step ${step}; the last finite weights are restored. ` +
      "Try a learning rate below 3, gradient clipping, or inputs scaled to about -1 to 1.",
  );
  expect(model.parameters).toEqual(last);
  expect(run.history).toHaveLength(epoch - 1);
  expect(Number.isFinite(model.evaluate(data).loss)).toBe(true);
});

it("comes out the same however the steps are grouped", () => {
  // How long a step takes, by the clock: one per call, a few, or as many as an epoch has.
  const results = [1000, 3, 0].map((milliseconds) => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      now += milliseconds;
      return now;
    });
    const model = make();
    const { message } = model.fitSync(data, { ...wild, batchSize: 1 });
    vi.restoreAllMocks();
    return { message, parameters: model.parameters };
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

it("comes out the same wherever weights were copied before", () => {
  const [never, always] = [0, 300].map((milliseconds) => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const model = make();
    const onStep = () => {
      now += milliseconds;
    };
    // One step an epoch, so that a copy is taken in front of every step, or of none but the first.
    const { message } = model.fitSync(data, { ...wild, batchSize: 5, onStep });
    vi.restoreAllMocks();
    return { message, parameters: model.parameters };
  });
  expect(always).toEqual(never);
});

it("names the parameter that overflowed", () => {
  const model = make();
  model.setParameters({ "fully_1/kernel": [1e19] });
  const run = model.fitSync(
    { inputs: [1e19], targets: [1] },
    {
      ...wild,
      loss: { ...squaredError, perRow: (p) => p.reshape([-1]).multiply(1e-10) as Tensor },
      optimizer: descent(1e30),
    },
  );
  expect(run.message).toContain(
    "The weights stopped being finite in epoch 1, step 1 (first: the parameter fully_1/kernel)",
  );
  expect(model.parameters["fully_1/kernel"]).toEqual(Float32Array.of(1e19));
});

it("notices weights that overflow while the loss stays finite, and restores those from before", () => {
  const rectified = fully(1, (z) => select(lessOrEqual(z, 0), 0, z));
  const model = new Model(network([1], [1], rectified), { seed: 1, backend: interpreter });
  const before = { "fully_1/kernel": Float32Array.of(1e10), "fully_1/bias": Float32Array.of(0) };
  model.setParameters(before);
  // Both become -Infinity, and the unit never answers again.
  const run = model.fitSync({ inputs: [1], targets: [0] }, { ...wild, optimizer: descent(1e38), epochs: 5 });
  expect(run.message).toMatch(
    /^The weights stopped being finite in epoch 1, step 1 \(first: the parameter fully_1/,
  );
  expect(model.parameters).toEqual(before);
});

it("names the layer whose output is not finite", () => {
  const logarithm = applied("logarithm", ({ input }) => log(input) as Tensor);
  const model = new Model(network([1], [1], fully(2, tanh), logarithm, fully(1)), {
    seed: 1,
    backend: interpreter,
  });
  const before = model.parameters;
  const run = model.fitSync(data, wild);
  expect(run.message).toMatch(/^The loss became NaN in epoch 1, step 1 \(first: the output of logarithm_2\)/);
  expect(model.parameters).toEqual(before);
  expect(run.history).toEqual([]);
});

it("notices weights that overflow in the very last step", () => {
  const model = make();
  const before = model.parameters;
  const run = model.fitSync(
    { inputs: [1e10], targets: [0] },
    { ...wild, optimizer: descent(1e38), epochs: 1 },
  );
  expect(run.status).toBe("diverged");
  expect(run.message).toMatch(
    /^The weights stopped being finite in epoch 1, step 1 \(first: the parameter fully_1\/kernel\)/,
  );
  expect(model.parameters).toEqual(before);
});

it("restores finite weights after batches that are gone, too", async () => {
  const batches = {
    async *[Symbol.asyncIterator](): AsyncGenerator<DataSet> {
      for (let step = 0; step < 10; step++) yield data;
    },
  };
  const model = make();
  const run = await model.fit(batches, wild);
  expect(run.status).toBe("diverged");
  expect(run.message).toMatch(
    /^The loss became (Infinity|NaN) in epoch \d+, step \d+; the last finite weights/,
  );
  for (const values of Object.values(model.parameters)) expect(values.every(Number.isFinite)).toBe(true);
  expect(Number.isFinite(model.evaluate(data).loss)).toBe(true);
});

it("lets a model that was saved from divergence train on", () => {
  const model = make();
  const weights = model.parameters;
  model.fitSync(data, wild);
  model.setParameters(weights);
  const run = model.fitSync(data, { ...wild, optimizer: descent(0.02), epochs: 50 });
  expect(run.status).toBe("completed");
  expect(run.history.at(-1)!.loss).toBeLessThan(run.history[0]!.loss);
});

it("blames outputs that the loss cannot read, and not the learning rate", () => {
  const model = make();
  const loss = { ...squaredError, perRow: (p: Tensor) => log(p.reshape([-1]).subtract(1e6) as Tensor) };
  const run = model.fitSync(data, { ...wild, loss });
  expect(run.message).toBe(
    "The loss became NaN in epoch 1, step 1; the last finite weights are restored. " +
      "The outputs of the network are finite, but not what squaredError reads: end it in an activation with that range.",
  );
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1])("refuses a schedule that gives %d", (rate) => {
  const model = make();
  const optimizer = descent((step) => (step === 4 ? rate : 0.01));
  expect(() => model.fitSync(data, { ...wild, optimizer })).toThrow(
    `[fit] expected a finite learning rate of at least 0 for step 4, received ${rate}.`,
  );
  expect(
    Object.values(model.parameters)
      .flatMap((values) => [...values])
      .every(Number.isFinite),
  ).toBe(true);
});
