import { describe, expect, it } from "vitest";
import * as myelin from "./index.js";

type Factory = (...values: unknown[]) => unknown;

/** Every factory that takes options, with what comes before them. */
const factories: Record<string, readonly unknown[]> = {
  ...{
    sgd: [],
    adam: [],
    adamW: [],
    adamax: [],
    nadam: [],
    adadelta: [],
    adagrad: [],
    rmsprop: [],
    lion: [],
  },
  ...{ exponentialDecay: [], cosineDecay: [], stepDecay: [], piecewiseRate: [], warmUp: [] },
  ...{ binaryCrossEntropy: [], crossEntropy: [], huber: [], kullbackLeibler: [], poisson: [] },
  ...{ precision: [], recall: [], f1: [], binaryAccuracy: [], topKAccuracy: [] },
  ...{ leakyRelu: [], elu: [], celu: [], gelu: [] },
  ...{ dense: [8], conv2d: [8, 3], maxPool2d: [2], averagePool2d: [2], dropout: [0.5], rescaling: [1, 0] },
  ...{ activation: [myelin.relu], flatten: [], permute: [[0]], unflatten: [[1]], prelu: [] },
  ...{ earlyStopping: [], reduceOnPlateau: [], wasmWith: [] },
  ...{ blobs: [], circles: [], spirals: [], twoMoons: [], linearData: [] },
  ...{ split: [myelin.xor()], batches: [myelin.xor()], parseCsv: [""], readTable: ["a\n1"] },
  ...{ standardScaler: [], minMaxScaler: [], labelEncoder: [], oneHotEncoder: [] },
  ...{ imputer: [], fitImputer: [[1]] },
  ...{ sum: [myelin.tensor([1]), 0], pad: [myelin.tensor([1]), [0], [0]] },
  ...{ perceptron: [{ inputs: [[0], [1]], targets: [0, 1] }] },
};
const namespace: Readonly<Record<string, unknown>> = {
  ...myelin,
  ...myelin.initializers,
  ...myelin.regularizers,
};
const rows = Object.entries({ ...factories, uniform: [], normal: [], truncatedNormal: [], l1l2: [] });

describe.each(rows)("the options of %s", (name, before) => {
  const call = (options: unknown) => () => (namespace[name] as Factory)(...before, options);

  it("are refused when nobody knows them, with the names of those that exist", () => {
    expect(call({ learningrate: 0.1 })).toThrow(
      new RegExp(`^\\[${name}\\] expected options \\{ .* \\}, received "learningrate"\\.$`),
    );
  });

  it.each([0.1, null, "fast", () => 1])("are refused when they are %o", (wrong) => {
    expect(call(wrong)).toThrow(`[${name}] expected options {`);
  });
});

it("refuses schedules and transforms without options", () => {
  for (const name of [
    "exponentialDecay",
    "cosineDecay",
    "stepDecay",
    "piecewiseRate",
    "warmUp",
    "labelEncoder",
  ])
    expect(() => (namespace[name] as Factory)()).toThrow(`[${name}] expected options {`);
  expect(() => myelin.stepDecay({ every: 2 } as never)).toThrow(
    "[stepDecay] expected initialRate finite and not negative, received undefined.",
  );
  expect(() => myelin.warmUp({ steps: 2 } as never)).toThrow(
    "[warmUp] expected followedBy: a schedule, or a rate",
  );
  expect(() => myelin.piecewiseRate({ boundaries: 3, rates: [1] } as never)).toThrow(
    "[piecewiseRate] expected boundaries in an array, received 3.",
  );
});

describe("a model", () => {
  const network = myelin.sequential([1], myelin.dense(1));
  const data = { inputs: [0, 1], targets: [0, 1] };
  const options = { loss: myelin.meanSquaredError, optimizer: myelin.sgd() };

  it.each([
    [{ backend: "wasm" }, '[Model] expected a backend such as wasm, received "wasm".'],
    [{ backend: myelin.wasmWith }, "received the function wasmWith. Call it: wasmWith(..)."],
    [{ sead: 1 }, '[Model] expected options { backend, seed, state }, received "sead".'],
    [7, "[Model] expected options { backend, seed, state }, received 7."],
  ])("is not made with %o", (wrong, message) => {
    expect(() => new myelin.Model(network, wrong as never)).toThrow(message);
  });

  it("refuses options that nobody knows", async () => {
    const model = new myelin.Model(network);
    await expect(model.fit(data, { ...options, epoch: 3 } as never)).rejects.toThrow(
      "[fit] expected options { loss, optimizer, metrics, epochs, batchSize, shuffle, seed, validation, sampleWeights, " +
        'classWeights, labels, callbacks, onEpoch, onStep, signal }, received "epoch".',
    );
    expect(() => model.predict([1], { probability: true } as never)).toThrow(
      '[predict] expected options { batchSize, probabilities, loss }, received "probability".',
    );
    expect(() => model.classify([1], options.loss as never)).toThrow("[classify] expected options {");
    expect(() => model.evaluate(data, options.loss as never)).toThrow("[evaluate] expected options {");
    expect(() => myelin.explain(network, data, { ...options, epoch: 3 } as never)).toThrow(
      "[explain] expected options {",
    );
    expect(() => myelin.toBytes(model, { meta: {} } as never)).toThrow(
      '[toBytes] expected options { metadata }, received "meta".',
    );
  });

  it("takes the options of fit where it evaluates and explains", () => {
    const model = new myelin.Model(network);
    const all = { ...options, epochs: 2, batchSize: 2 };
    expect(model.evaluate(data, all).loss).toBeGreaterThanOrEqual(0);
    expect(myelin.explain(network, data, all)).toContain("training step, 2 rows");
  });
});

describe("what programs without types pass", () => {
  const { dense, defineLayer, Model, meanSquaredError, sequential, sgd, tensor } = myelin;
  const data = { inputs: [[0, 1]], targets: [1] };
  const make = (state?: unknown) => new Model(sequential([2], dense(1)), { state } as never);
  const layer = (members: object) => sequential([2], defineLayer({ kind: "mine", ...members } as never));
  const none = () => undefined as never;

  it.each<[string, () => unknown, string]>([
    ["forward without return", () => layer({ forward: none }), "[mine.forward] expected a tensor"],
    ["no forward", () => layer({}), "[sequential] expected a layer, received an Object."],
    [
      "an activation without return",
      () => sequential([2], dense(1, { activation: { ...myelin.relu, forward: none } })),
      "[dense.forward] expected a tensor, received undefined.",
    ],
    [
      "a loss without return",
      () => make().fitSync(data, { loss: { ...meanSquaredError, perRow: none }, optimizer: sgd() }),
      "expected a tensor, received undefined.",
    ],
    [
      "a limit as clipping",
      () => sgd({ clipping: 1 as never }),
      "[sgd] expected clipping such as clipByNorm(1)",
    ],
    [
      "a factory as clipping",
      () => sgd({ clipping: myelin.clipByNorm as never }),
      "Call it: clipByNorm(..).",
    ],
    ["no parameters", () => make().setParameters(none()), "[setParameters] expected parameters by name"],
    ["an empty state", () => make({}), '[Model] expected a saved tensor "dense_1/kernel"'],
    ["a state that is a text", () => make("x"), '[Model] expected a saved tensor "dense_1/kernel"'],
    [
      "a signal that is null",
      () => make().fitSync(data, { loss: meanSquaredError, optimizer: sgd(), signal: null } as never),
      "[fit] expected an AbortSignal, received null.",
    ],
    [
      "another spelling of a numerics",
      () => myelin.wasmWith({ numerics: "Fast" as never }),
      '[wasmWith] expected numerics: "exact" or "fast", received "Fast".',
    ],
    [
      "no threads",
      () => myelin.wasmWith({ threads: 0 }),
      '[wasmWith] expected threads: "auto" or a whole number above 0, received 0.',
    ],
    [
      "names that are a text",
      () => myelin.wasmWith({ names: "yes" as never }),
      "expected a boolean as names",
    ],
    ["no order", () => myelin.permute(none()), "[permute] expected axes in an array, received undefined."],
    ["no shape", () => myelin.unflatten(none()), "[unflatten] expected a shape such as [28, 28, 1]"],
    ["a name of a loss", () => myelin.lossMetric("mse" as never), "[lossMetric] expected a loss such as"],
    ["an unknown average", () => myelin.f1({ average: "mean" as never }), '[f1] expected average "macro"'],
    [
      "an unknown mode",
      () => myelin.earlyStopping({ mode: "large" as never }),
      '[earlyStopping] expected mode "min"',
    ],
    [
      "nothing to monitor",
      () => myelin.earlyStopping({ monitor: 5 as never, mode: "min" }),
      "expected a name to monitor",
    ],
    ["no activation", () => myelin.defineActivation(none()), "[defineActivation] expected a definition, rec"],
    ["no loss", () => myelin.defineLoss(none()), "[defineLoss] expected a definition, received undefined."],
    ["no layer", () => defineLayer(none()), "[defineLayer] expected a definition, received undefined."],
    [
      "no optimizer",
      () => myelin.defineOptimizer(none()),
      "[defineOptimizer] expected a definition, received",
    ],
    [
      "no metric",
      () => myelin.defineMetric(none()),
      "[defineMetric] expected a definition { kind, state, update, result }, received undefined.",
    ],
    [
      "no mean",
      () => myelin.weightedMean(none()),
      "[weightedMean] expected a definition { kind, perRow }, rec",
    ],
    ["no values", () => myelin.weightedSum(tensor([1]), none()), "[weightedSum] expected a tensor, received"],
    [
      "no schedule",
      () => myelin.defineSchedule(none(), none()),
      "[defineSchedule] expected a config { kind, .. }",
    ],
    [
      "a schedule without rates",
      () => myelin.defineSchedule({ kind: "mine" }, 5 as never),
      "[defineSchedule] expected a function of the step as rate, received 5.",
    ],
    [
      "a name that no layer declared",
      () => myelin.ownParameter({ parameters: {} }, "factr"),
      '[ownParameter] expected the name of a parameter, received "factr".',
    ],
    [
      "features of nothing",
      () => myelin.joinFeatures(),
      "[joinFeatures] expected rows of features, received",
    ],
    [
      "two delimiters",
      () => myelin.parseCsv("a", { delimiter: ", " }),
      "[parseCsv] expected one character as",
    ],
    [
      "no delimiter",
      () => myelin.parseCsv("a", { delimiter: 5 as never }),
      "expected one character as delimiter",
    ],
    [
      "no layer to ask",
      () => myelin.outputShape(5 as never, [2]),
      "[outputShape] expected a layer, received 5.",
    ],
    ["no numbers", () => tensor(none()), "[tensor] expected numbers, received undefined."],
    [
      "an unknown dtype",
      () => tensor([1], "f64" as never),
      '[tensor] expected dtype f32, or i32, or u8, received "f64".',
    ],
    ["arrays to add up", () => myelin.sum([1, 2] as never), "[sum] expected a tensor, received [1, 2]."],
    [
      "no text",
      () => myelin.readTable(none()),
      "[parseCsv] expected the text of a file, received undefined.",
    ],
    ["no samples", () => myelin.split(none()), "[split] expected { inputs, targets }, received undefined."],
    ["no rows", () => myelin.fitStandardScaler(none()), "[fitStandardScaler] expected rows of numbers"],
    [
      "no categories",
      () => myelin.fitOneHotEncoder(none()),
      "[fitOneHotEncoder] expected values in an array",
    ],
    [
      "no options to explain",
      () => myelin.explain(make().network, data, none()),
      "[explain] expected a loss such as",
    ],
    [
      "a number as metadata",
      () => myelin.toBytes(make(), { metadata: null as never }),
      "[toBytes] expected a record of texts as metadata, received null.",
    ],
  ])("is refused in words: %s", (_, run, message) => {
    expect(run).toThrow(message);
    expect(run).not.toThrow(TypeError);
  });

  it.each([{}, [], [0.5], Number.NaN])("numbers are no %o", (wrong) => {
    const bad = wrong as never;
    for (const [name, make] of [
      ["slope", () => myelin.leakyRelu({ slope: bad })],
      ["alpha", () => myelin.elu({ alpha: bad })],
      ["alpha", () => myelin.celu({ alpha: bad })],
      ["delta", () => myelin.huber({ delta: bad })],
      ["labelSmoothing", () => myelin.binaryCrossEntropy({ labelSmoothing: bad })],
      ["labelSmoothing", () => myelin.crossEntropy({ labelSmoothing: bad })],
      ["threshold", () => myelin.binaryAccuracy({ threshold: bad })],
      ["threshold", () => myelin.precision({ threshold: bad })],
      ["factor", () => myelin.stepDecay({ initialRate: 1, every: 1, factor: bad })],
      ["factor", () => myelin.exponentialDecay({ initialRate: 1, factor: bad })],
      ["boundaries", () => myelin.piecewiseRate({ boundaries: [bad], rates: [1, 2] })],
      ["turns", () => myelin.spirals({ turns: bad })],
      ["bias", () => myelin.linearData({ bias: bad })],
    ] as const)
      expect(make).toThrow(new RegExp(`\\] expected .*${name}.*, received`));
  });
});
