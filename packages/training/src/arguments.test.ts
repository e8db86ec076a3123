import { interpreter } from "@myelin/compiler";
import { ArgumentError } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { type DataSet, type FitOptions, Model } from "./index.js";
import { descent, fully, network, rootSquaredError, squaredError } from "./small-networks.fixture.js";

const make = (seed = 1) => new Model(network([1], [1], fully(1)), { seed, backend: interpreter });
const data: DataSet = { inputs: [1, 2, 3], targets: [1, 2, 3] };
const options: FitOptions = { loss: squaredError, optimizer: descent(0.1) };

describe("what programs without types pass", () => {
  it.each([
    [{ loss: undefined }, "a loss such as meanSquaredError, received undefined."],
    [{ loss: "mse" }, 'a loss such as meanSquaredError, received "mse".'],
    [
      { loss: function crossEntropy() {} },
      "a loss such as meanSquaredError, received the function crossEntropy. Call it: crossEntropy(..).",
    ],
    [{ optimizer: undefined }, "an optimizer such as sgd(), received undefined."],
    [
      { optimizer: descent },
      "an optimizer such as sgd(), received the function descent. Call it: descent(..).",
    ],
    [{ signal: new AbortController() }, "an AbortSignal, received an AbortController."],
    [{ metrics: ["accuracy"] }, 'metrics such as accuracy, received "accuracy".'],
    [{ metrics: rootSquaredError }, "metrics in an array, received an Object."],
    [
      { metrics: [descent] },
      "metrics such as accuracy, received the function descent. Call it: descent(..).",
    ],
    [
      { metrics: [rootSquaredError, { ...rootSquaredError }] },
      `metrics of different names, received "${rootSquaredError.name}".`,
    ],
    [{ metrics: [{ ...rootSquaredError, name: "loss" }] }, 'metrics of different names, received "loss".'],
    [{ callbacks: [{ onEpoch() {} }] }, "a callback that returns hooks, received an Object."],
    [{ labels: "ab" }, 'different texts as labels, received "ab".'],
    [{ labels: ["a", "a"] }, 'different texts as labels, received ["a", "a"].'],
    [{ labels: [1, 2] }, "different texts as labels, received [1, 2]."],
    [{ callbacks: () => ({}) }, "callbacks in an array, received the function callbacks."],
    [{ validation: 0.2 }, "validation data in memory or { split: 0.2 }, received 0.2."],
    [{ validation: null }, "validation data in memory or { split: 0.2 }, received null."],
    [
      { validation: { split: 0.5, shufle: true } },
      "validation data in memory or { split: 0.2 }, received split, shufle.",
    ],
    [
      { validation: { ...data, split: 0.5 } },
      "validation data in memory or { split: 0.2 }, received inputs, targets, split.",
    ],
    [{ validation: { splt: 0.5 } }, 'validation data in memory or { split: 0.2 }, received "splt".'],
    [{ validation: { split: "0.5" } }, 'a split that leaves rows on both sides, received "0.5".'],
    [
      { callbacks: [() => () => ({})] },
      "a callback that returns hooks, received the function (). Call the factory: earlyStopping().",
    ],
  ])("fit refuses %o", async (changes, message) => {
    const model = make();
    const wrong = { ...options, ...changes } as FitOptions;
    await expect(model.fit(data, wrong)).rejects.toThrow(`[fit] expected ${message}`);
    expect(() => model.fitSync(data, wrong)).toThrow(ArgumentError);
    expect(model.fitSync(data, options).status).toBe("completed");
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [[data, data], "[an Object, an Object]"],
    // An iterable that is no data; iterators of the language itself are named differently by engines.
    [{ *[Symbol.iterator]() {} }, "an Object"],
  ])("fit refuses %o as data", async (wrong, received) => {
    await expect(make().fit(wrong as never, options)).rejects.toThrow(
      `[fit] expected data { inputs, targets }, received ${received}. Only training takes an async iterable of them.`,
    );
  });

  it("says that batches as they come are for training, not for scores", async () => {
    const batches = {
      async *[Symbol.asyncIterator]() {
        yield data;
      },
    };
    const message =
      "expected data { inputs, targets }, received an Object. Only training takes an async iterable";
    expect(() => make().evaluate(batches as never, options)).toThrow(`[evaluate] ${message}`);
    const validation = batches as never;
    await expect(make().fit(batches, { ...options, validation })).rejects.toThrow(
      "[fit] expected validation data in memory or { split: 0.2 }, received an Object.",
    );
  });

  it("does not print the whole data that are passed in the wrong place", async () => {
    const rows = Array.from({ length: 1000 }, (_, row) => [row]);
    await expect(make().fit(rows as never, options)).rejects.toThrow(
      "[fit] expected data { inputs, targets }, received 1000 entries.",
    );
  });

  it("refuses missing options, losses and metrics", async () => {
    await expect(make().fit(data, undefined as never)).rejects.toThrow("signal }, received undefined.");
    expect(() => make().fitSync(data, undefined as never)).toThrow("[fit] expected options");
    expect(() => make().evaluate(undefined as never, options)).toThrow("[evaluate] expected data");
    expect(() => make().evaluate(data, { loss: "mse" as never })).toThrow(
      "[evaluate] expected a loss such as",
    );
    expect(() => make().evaluate(data, { ...options, metrics: ["r2" as never] })).toThrow(
      "[evaluate] expected metrics such as",
    );
  });

  it("refuses what is no network", () => {
    const wrong = [undefined, [fully(1)], fully(1)] as never[];
    for (const network of wrong)
      expect(() => new Model(network, { backend: interpreter })).toThrow(
        "[Model] expected a network such as sequential([2], dense(1)), received",
      );
  });

  it.each([
    [() => new Float32Array(5), 'expected 1 numbers for "fully_1/kernel", received 5 numbers.'],
    [() => new Float32Array(0), "received 0 numbers."],
    [() => undefined, "received undefined."],
    [() => [Number.NaN], 'expected a finite number at 0 of "fully_1/kernel", received NaN.'],
  ])("refuses what an initializer should not return: %#", (generate, message) => {
    const layer = fully(1);
    const parameters = { kernel: { shape: [1, 1], initializer: { config: { kind: "mine" }, generate } } };
    const wrong = { ...layer, parameters: () => ({ ...layer.parameters([1]), ...parameters }) } as never;
    expect(() => new Model(network([1], [1], wrong), { backend: interpreter })).toThrow(message);
    expect(() => new Model(network([1], [1], wrong), { backend: interpreter })).toThrow("[initializer]");
  });

  it("refuses parameters that have no names", () => {
    const model = make();
    const before = model.parameters;
    const values = [new Map([["fully_1/bias", [1]]]), [[1]], undefined, null, 5, Promise.resolve({}), "x"];
    for (const wrong of values as never[])
      expect(() => model.setParameters(wrong)).toThrow(
        "[setParameters] expected parameters by name, received",
      );
    model.setParameters({});
    expect(model.parameters).toEqual(before);
  });

  it("refuses parameters that are no numbers", () => {
    expect(() => make().setParameters({ "fully_1/bias": undefined as never })).toThrow(
      '[setParameters] expected 1 numbers for "fully_1/bias", received undefined.',
    );
  });
});

describe("predict", () => {
  it.each([0, -1, 2.5, Number.NaN])("refuses %d rows per run", (batchSize) => {
    expect(() => make().predict([[1], [2], [3]], { batchSize })).toThrow(
      `[predict] expected a whole number of at least 1 as batchSize, received ${batchSize}.`,
    );
  });

  it("takes more rows per run than there are", () => {
    const model = make();
    expect(model.predict([[1], [2], [3]], { batchSize: 5 })).toEqual(model.predict([[1], [2], [3]]));
  });
});

describe("a seed", () => {
  it("that is a text is refused", () => {
    expect(() => make("1" as never)).toThrow('[Model] expected a number as seed, received "1".');
    const seed = "1" as never;
    expect(() => make().fitSync(data, { ...options, seed })).toThrow("[fit] expected a number as seed");
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, [1] as never])("that is %o is refused", (seed) => {
    expect(() => make(seed)).toThrow("[Model] expected a whole number as seed, received");
    expect(() => make().fitSync(data, { ...options, seed })).toThrow("[fit] expected a whole number as seed");
  });

  it("may be negative or a time", () => {
    const all = [-5, 1_764_000_000_000].map((seed) => {
      const model = make(seed);
      expect(model.fitSync(data, options).status).toBe("completed");
      return model.predict([1]);
    });
    expect(all[0]).not.toEqual(all[1]);
  });
});
