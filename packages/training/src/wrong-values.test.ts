import { interpreter } from "@myelin/compiler";
import { type Metric, type Optimizer, sum, type Tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { type FitOptions, Model } from "./index.js";
import { descent, fully, network, rootSquaredError, squaredError } from "./small-networks.fixture.js";

const none = () => undefined as never;
const data = { inputs: [0, 1, 2], targets: [0, 1, 1] };
const options: FitOptions = { loss: squaredError, optimizer: descent(0.01) };
const make = () => new Model(network([1], [1], fully(1)), { backend: interpreter });
const fit = (some: object, samples: object = data) => {
  const attempt = () => make().fitSync(samples as never, { ...options, ...some });
  expect(attempt).not.toThrow(TypeError);
  return expect(attempt);
};

describe("a metric of somebody's own", () => {
  const metric = (members: object) => ({ metrics: [{ ...rootSquaredError, ...members } as Metric] });
  const name = rootSquaredError.name;

  it("has to return its new state", () => {
    for (const update of [none, () => ({}), () => 5])
      fit(metric({ update })).toThrow(
        new RegExp(`^\\[${name}\\.update: \\w+\\] expected a tensor, received undefined`),
      );
    const predictions = (state: object, { predictions }: { predictions: Tensor }) =>
      Object.fromEntries(Object.keys(state).map((key) => [key, predictions]));
    fit(metric({ update: predictions })).toThrow(`.update: `);
  });

  it("has to have a state and a result", () => {
    fit(metric({ state: none })).toThrow(`[${name}.state] expected shapes by name, received undefined.`);
    for (const member of ["state", "result"])
      fit(metric({ [member]: undefined })).toThrow("[fit] expected metrics such as accuracy");
    fit(metric({ result: none })).toThrow(
      `[${name}.result] expected a number, or rows of numbers, received undefined.`,
    );
    const collecting = { name: "all", config: { kind: "all" }, collect: true, compute: none };
    expect(() => make().evaluate(data, { ...options, metrics: [collecting as Metric] })).toThrow(
      "[all.result] expected a number, or rows of numbers, received undefined.",
    );
  });
});

describe("an optimizer of somebody's own", () => {
  const optimizer = (members: object) => ({ optimizer: { ...descent(0.01), ...members } as Optimizer });

  it("has to return parameters, slots and scalars", () => {
    for (const update of [none, () => ({})])
      fit(optimizer({ update })).toThrow(
        "[optimizer.update: parameters] expected a tensor, received undefined.",
      );
    const forgetful = ({ parameters }: { parameters: Tensor }) => ({ parameters });
    fit(optimizer({ update: forgetful, slots: { speed: 0 } })).toThrow(
      "[optimizer.update: speed] expected a tensor",
    );
    fit(optimizer({ update: forgetful, scalars: { age: 0 } })).toThrow(
      "[optimizer.update: age] expected a tensor",
    );
    fit(optimizer({ scalars: undefined })).toThrow("[fit] expected an optimizer such as sgd()");
  });

  it("has to have a learning rate", () => {
    for (const learningRate of [undefined, "0.1", {}])
      fit(optimizer({ learningRate })).toThrow(
        "[fit] expected a finite learning rate of at least 0 for step 0",
      );
  });

  it("has a clipping that returns gradients", () => {
    for (const apply of [none, () => []])
      fit(optimizer({ clipping: { config: { kind: "mine" }, apply } })).toThrow(
        "[fit] expected clipped gradients",
      );
  });
});

it("a loss of somebody's own has to return one number per row, and what it makes of outputs", () => {
  fit({ loss: { ...squaredError, perRow: none } }).toThrow(
    "[squaredError.perRow] expected a tensor, received undefined.",
  );
  const loss = { ...squaredError, perRow: (predictions: Tensor) => sum(predictions) };
  fit({ loss }).toThrow("[squaredError.perRow] expected one loss per row, received [].");
  expect(() => make().evaluate(data, { loss })).toThrow("expected one loss per row, received [].");
  expect(() => make().predict([[1]], { probabilities: true, loss: { ...squaredError, link: none } })).toThrow(
    "[squaredError.link] expected a tensor, received undefined.",
  );
});

it("what is called in a run has to be functions", () => {
  for (const wrong of [5, "x"]) {
    fit({ onEpoch: wrong }).toThrow("[fit] expected a function as onEpoch, received");
    fit({ onStep: wrong }).toThrow("[fit] expected a function as onStep, received");
    for (const hook of ["onEpoch", "onEnd"])
      fit({ callbacks: [() => ({ [hook]: wrong })] }).toThrow(
        `[fit] expected a function as ${hook}, received`,
      );
  }
});

it("shares and weights are numbers", () => {
  fit({ validation: { split: "0.3" } }).toThrow('a split that leaves rows on both sides, received "0.3".');
  for (const sampleWeights of ["123", ["1", 1, 1], [null, 1, 1], new BigInt64Array(3), [[1], [1], [1]]])
    fit({ sampleWeights }).toThrow("[fit] expected a weight of at least 0 for row 0, received");
  const loss = { ...squaredError, targets: "binary" };
  for (const classWeights of [new Map([["0", 2]]), 5, 0, null, "", new Set(), "balanced"])
    fit({ loss, classWeights }).toThrow(
      "[fit] expected classWeights { class: weight } or [weight, ..], no name, received",
    );
  fit({ loss, classWeights: [1, 2] }).not.toThrow();
  fit({ loss, classWeights: { 0: "3" } }).toThrow('a weight of at least 0 for row 0, received "3".');
  fit({ shuffle: "no" }).toThrow('[fit] expected a boolean as shuffle, received "no".');
});

describe("data of other kinds", () => {
  it.each([new BigInt64Array(3), new BigUint64Array(3), new DataView(new ArrayBuffer(12))])(
    "are refused: %o",
    (wrong) => {
      fit({}, { ...data, inputs: wrong }).toThrow(
        `[fit] expected numbers of inputs, received a ${wrong.constructor.name}.`,
      );
      fit({}, { ...data, targets: wrong }).toThrow(`[fit] expected numbers of targets, received a`);
      expect(() => make().predict(wrong as never)).toThrow(
        "[predict] expected numbers of the rows, received a",
      );
    },
  );

  it.each([new ArrayBuffer(12), new Map([["x", [1, 2, 3]]]), new Set([1]), {}])(
    "are no records: %o",
    (wrong) => {
      fit({}, { ...data, inputs: wrong }).toThrow(
        "[fit] expected arrays of numbers, or a typed array, of inputs, received a",
      );
    },
  );

  it("are no parameters", () => {
    const [path] = Object.keys(make().parameters) as [string];
    const size = make().parameters[path]?.length as number;
    for (const wrong of [new BigInt64Array(size), new Array(size).fill("5")])
      expect(() => make().setParameters({ [path]: wrong as never })).toThrow(
        "[setParameters] expected a finite number at 0",
      );
  });
});

it("outputs that are NaN are no class", () => {
  const model = make();
  const large = Object.entries(model.parameters).map(([path, values]) => {
    return [path, Array.from(values, () => (path.endsWith("kernel") ? 3e38 : 0))];
  });
  model.setParameters(Object.fromEntries(large));
  const loss = { ...squaredError, targets: "binary" as const, link: (x: Tensor) => x.subtract(x) };
  expect(model.classify([[1]], { loss: { ...loss, link: (x: Tensor) => x } })).toEqual([1]);
  expect(() => model.classify([[1], [10]], { loss })).toThrow(
    "[classify] expected numbers in row 1, received NaN.",
  );
});

it("two outputs for a yes or no need two targets per row, or another loss", () => {
  const model = new Model(network([1], [2], fully(2)), { backend: interpreter });
  const loss = { ...squaredError, name: "binaryCrossEntropy", targets: "binary" as const };
  for (const targets of [[0, 1, 0], [[0], [1], [0]], ["a", "b", "a"], Uint8Array.of(0, 1, 0)])
    expect(() => model.fitSync({ inputs: [0, 1, 2], targets } as never, { ...options, loss })).toThrow(
      "[fit] expected 2 targets per row, received only one. For two classes use crossEntropy, or one output.",
    );
  expect(() =>
    model.fitSync(
      {
        inputs: [0, 1, 2],
        targets: [
          [0, 1],
          [1, 0],
          [1, 1],
        ],
      },
      { ...options, loss },
    ),
  ).not.toThrow();
});
