import {
  add,
  currentOrigin,
  input,
  interpretGraph,
  type Layer,
  mapParameterSpecs,
  parameter,
  parameterSpecEntries,
  random,
  type SameShape,
  type Shape,
  type Tensor,
  tensor,
} from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import {
  conv2d,
  defineLayer,
  dense,
  dropout,
  flatten,
  initializers,
  maxPool2d,
  regularizers,
  sequential,
  unflatten,
} from "./index.js";

/** Writes down what a trained step does with a network and records what it asks of its context. */
function record(network: ReturnType<typeof sequential>, rows = 3) {
  const randoms: { origin: string; shape: Shape }[] = [];
  const updates: string[] = [];
  const penalties: Tensor[] = [];
  const tensors = new Map<string, Tensor>();
  const output = network.forward({
    input: input("input", [rows, ...network.inputShape]),
    parameters: mapParameterSpecs(network.parameters(network.inputShape), ({ shape }, path) => {
      tensors.set(path, parameter(path, shape));
      return tensors.get(path) as Tensor;
    }),
    training: true,
    random: (shape) => {
      randoms.push({ origin: currentOrigin(), shape });
      return random(tensor([0, 0, 0], "i32"), shape, randoms.length);
    },
    update: (name) => updates.push(name),
    addPenalty: (value) => penalties.push(value),
  });
  return { output, randoms, updates, penalties, tensors };
}

/** Keeps a number that no gradient reaches. */
function counter(): Layer<SameShape> {
  return defineLayer<SameShape>({
    kind: "counter",
    parameters: () => ({ count: { shape: [], initializer: initializers.zeros, trainable: false } }),
    forward: ({ input: x, parameters, update }) => {
      update("count", add(parameters.count as Tensor, 1));
      return x;
    },
  });
}

const entries = (layer: Layer, shape: Shape) =>
  parameterSpecEntries(layer.parameters(shape)).map(([path, spec]) => [
    path,
    spec.shape,
    spec.trainable ?? true,
  ]);

describe("names", () => {
  it("number the kinds from 1 and name the parameters", () => {
    const network = sequential(
      [4],
      dense(3),
      dropout(0.5),
      dense(2, { useBias: false }),
      dense(1, { name: "head" }),
    );
    expect(network.children.map(({ name }) => name)).toEqual(["dense_1", "dropout_1", "dense_2", "head"]);
    expect(entries(network, [4])).toEqual([
      ["dense_1/kernel", [4, 3], true],
      ["dense_1/bias", [3], true],
      ["dense_2/kernel", [3, 2], true],
      ["head/kernel", [2, 1], true],
      ["head/bias", [1], true],
    ]);
  });

  it("skip a number that somebody chose", () => {
    const network = sequential([4], dense(3), dense(3, { name: "dense_1" }), dense(3));
    expect(network.children.map(({ name }) => name)).toEqual(["dense_2", "dense_1", "dense_3"]);
  });

  it("must differ, and be no path and no member of every object", () => {
    expect(() =>
      sequential([4], dense(3, { name: "a" }), dense(3, { name: "a" })),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: [sequential] expected a different name for every layer, received "a".]`,
    );
    for (const name of ["a/b", "", "__proto__", "constructor"]) {
      expect(() => dense(3, { name })).toThrow("expected a name without");
      expect(() => sequential({ inputShape: [3], name }, dense(3))).toThrow("expected a name without");
    }
  });
});

describe("shapes", () => {
  it("are found between all layers", () => {
    const network = sequential([9, 9, 2], conv2d(4, 3), maxPool2d(2), flatten(), dense(5));
    expect(network.children.map(({ inputShape, outputShape }) => [inputShape, outputShape])).toEqual([
      [
        [9, 9, 2],
        [7, 7, 4],
      ],
      [
        [7, 7, 4],
        [3, 3, 4],
      ],
      [[3, 3, 4], [36]],
      [[36], [5]],
    ]);
    expect(network.outputShape).toEqual([5]);
    expect(record(network, 7).output.shape).toEqual([7, 5]);
  });

  it("that do not fit are refused with the words that the compiler uses", () => {
    const flat: Shape = [784];
    expect(() => sequential(flat, conv2d(8, 3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [conv2d] expected [height, width, channels], received [784] (in conv2d_1). Put unflatten([height, width, channels]) in front of it.]`,
    );
    const small: Shape = [2, 2, 8];
    expect(() =>
      sequential(small, flatten(), dense(3), sequential([3], unflatten(small), maxPool2d(3))),
    ).toThrow("[unflatten] expected 32 features for [2, 2, 8], received [3] (in unflatten_1).");
    expect(() => sequential(small, maxPool2d(3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [maxPool2d] expected height and width that hold a window of 3 x 3, received [2, 2, 8] (in maxPool2d_1). Use a smaller window or padding "same".]`,
    );
    const scalar: Shape = [];
    expect(() => sequential(scalar, dense(3))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [dense] expected features on a last axis, received [] (in dense_1). Give single numbers the shape [1].]`,
    );
    const seven: Shape = [7];
    expect(() => sequential(seven, sequential([8], dense(2)))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [sequential] expected [8], received [7] (in sequential_1).]`,
    );
  });

  it("show a layer that mixes rows with features", () => {
    const wrong = defineLayer({ kind: "wrong", forward: ({ input: x }) => x.sum() });
    expect(() => sequential([3], wrong)).toThrow("[wrong] expected 2 rows on the first axis, received []");
  });

  it("come first", () => {
    expect(() => sequential(dense(3) as never)).toThrow(
      "expected a shape such as [784] of one row before the layers",
    );
    expect(() => sequential([0], dense(3))).toThrow("(whole numbers of at least 1), received");
    expect(() => sequential([3], dense as never)).toThrow("received the function dense. Call it: dense(..).");
  });

  it("are followed by layers only", () => {
    class Model {
      readonly parameters = {};
    }
    const message = "[sequential] expected a layer, received";
    expect(() => sequential([2], new Model() as never)).toThrow(`${message} a Model.`);
    const activation = { config: { kind: "relu" }, forward: (z: Tensor) => z };
    expect(() => sequential([2], activation as never)).toThrow(`${message} an Object.`);
  });
});

describe("children", () => {
  const inner = sequential([4], dropout(0.5), counter(), dense(2, { kernelRegularizer: regularizers.l2(1) }));
  const network = sequential([4], dropout(0.1), inner, dropout(0.2));

  it("draw random numbers under their own path", () => {
    expect(record(network).randoms).toEqual([
      { origin: "dropout_1", shape: [3, 4] },
      { origin: "sequential_1/dropout_1", shape: [3, 4] },
      { origin: "dropout_2", shape: [3, 2] },
    ]);
  });

  it("update their own state and add penalties", () => {
    const { updates, penalties } = record(network);
    expect(updates).toEqual(["sequential_1/counter_1/count"]);
    expect(penalties).toHaveLength(1);
  });

  it("leave their path on what they compute and on their errors", () => {
    expect([...record(network).output.origins]).toEqual(["dropout_2"]);
    const failing = defineLayer({
      kind: "failing",
      forward: ({ input: x, training }) => (training ? add(x, tensor([1, 2, 3])) : x),
    });
    expect(() => record(sequential([4], sequential([4], failing)))).toThrow("(in sequential_1/failing_1)");
  });

  it("see their own parameters only", () => {
    const { output, tensors } = record(sequential([2], dense(1, { name: "a" }), dense(1, { name: "b" })), 1);
    const values = new Map<Tensor, number[]>([
      [tensors.get("a/kernel") as Tensor, [1, 10]],
      [tensors.get("a/bias") as Tensor, [0.5]],
      [tensors.get("b/kernel") as Tensor, [3]],
      [tensors.get("b/bias") as Tensor, [-1]],
    ]);
    const [x] = [...inputsOf(output)];
    values.set(x as Tensor, [2, 0.25]);
    const [result] = interpretGraph([output], { precision: "f64", values });
    expect([...(result as Float64Array)]).toEqual([(2 + 2.5 + 0.5) * 3 - 1]);
  });
});

describe("frozen", () => {
  const penalized = () => dense(2, { kernelRegularizer: regularizers.l1(1) });

  it("layers and networks declare parameters that are not trained", () => {
    const network = sequential(
      [3],
      dense(2, { trainable: false }),
      sequential({ inputShape: [2], name: "top", trainable: false }, dense(1)),
      dense(1),
    );
    expect(entries(network, [3]).map(([path, , trainable]) => [path, trainable])).toEqual([
      ["dense_1/kernel", false],
      ["dense_1/bias", false],
      ["top/dense_1/kernel", false],
      ["top/dense_1/bias", false],
      ["dense_2/kernel", true],
      ["dense_2/bias", true],
    ]);
  });

  it("layers and networks add no penalties", () => {
    expect(record(sequential([3], penalized())).penalties).toHaveLength(1);
    expect(record(sequential({ inputShape: [3], trainable: false }, penalized())).penalties).toHaveLength(0);
    const frozen = dense(2, { kernelRegularizer: regularizers.l1(1), trainable: false });
    expect(record(sequential([3], frozen)).penalties).toHaveLength(0);
  });
});

function* inputsOf(root: Tensor): Generator<Tensor> {
  if (root.op === "input") yield root;
  for (const operand of root.inputs) yield* inputsOf(operand);
}
