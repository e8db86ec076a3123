import { type Activation, ArgumentError, type Layer, multiply, tanh } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import * as layers from "./index.js";
import { conv2d, dense, initializers, layerFromConfig, prelu, regularizers, sequential } from "./index.js";

const curve: Activation = {
  name: "curve",
  config: { kind: "curve" },
  forward: tanh,
  kinks: [],
  range: [-1, 1],
};
const slope = ({ by = 2 }: { by?: number } = {}): Activation => ({
  ...curve,
  name: "slope",
  config: { kind: "slope", by },
  forward: (z) => multiply(z, by),
});
const namespaces = { layers, activations: { curve, slope } };

const throughJson = (layer: Layer) => layerFromConfig(JSON.parse(JSON.stringify(layer.config)), namespaces);

describe("a layer from its config", () => {
  it("is the layer that it came from, options of options included", () => {
    const layer = sequential(
      { inputShape: [6, 6, 1], name: "all" },
      conv2d(2, [3, 2], {
        strides: 2,
        padding: "same",
        activation: slope({ by: 3 }),
        kernelInitializer: initializers.uniform({ low: 0, high: 1 }),
        biasInitializer: initializers.constant(0.5),
        kernelRegularizer: regularizers.l1l2({ l1: 1, l2: 2 }),
        name: "first",
      }),
      prelu({ sharedAxes: [0, 1] }),
      layers.flatten(),
      sequential([18], dense(3, { activation: curve, trainable: false }), layers.activation(curve)),
    );
    const again = throughJson(layer);
    expect(again.config).toEqual(layer.config);
    expect(again.name).toBe("all");
    expect(Object.keys(again.parameters([6, 6, 1]))).toEqual([
      "first",
      "prelu_1",
      "flatten_1",
      "sequential_1",
    ]);
  });

  it("may use kinds of the program's own", () => {
    const mine = () => layers.defineLayer({ kind: "mine", forward: ({ input }) => input });
    const layer = layerFromConfig({ kind: "mine" }, { layers: { ...layers, mine }, activations: {} });
    expect(layer.config).toEqual({ kind: "mine" });
  });

  it.each([
    [
      { kind: "conv2d", arguments: [4, 3, { strides: 1, padding: "valid", dilation: 1, groups: 1 }] },
      conv2d(4, 3),
    ],
    [{ kind: "dense", arguments: [3, { useBias: true }] }, dense(3)],
    [{ kind: "flatten", arguments: [{}] }, layers.flatten()],
    [{ kind: "rescaling", arguments: [2, 0, {}] }, layers.rescaling(2)],
    [{ kind: "maxPool2d", arguments: [2, { strides: [2, 2], padding: "valid" }] }, layers.maxPool2d()],
  ])("may write defaults down: %j", (config, layer) => {
    expect(layerFromConfig(config, namespaces).config).toEqual(layer.config);
  });

  it("leaves defaults of today out of files of yesterday", () => {
    expect(layerFromConfig({ kind: "dense", arguments: [3] }, namespaces).config).toEqual(dense(3).config);
  });
});

describe("configs that cannot be rebuilt", () => {
  const refuse = (config: unknown) => {
    const attempt = () => layerFromConfig(config, namespaces);
    expect(attempt).toThrow(ArgumentError);
    return attempt;
  };

  it("name the kind and those that exist", () => {
    expect(() =>
      layerFromConfig({ kind: "dnese" }, { layers: { dense }, activations: { curve } }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: [layerFromConfig] expected one of the kinds curve, dense, received "dnese". Pass what makes it as a member of layers or activations, or use a newer version of the library.]`,
    );
  });

  it("are looked up in what was passed", () => {
    for (const wrong of [
      undefined,
      null,
      {},
      { layers: { dense } },
      { layers: { dense }, activations: "relu" },
    ] as never[])
      expect(() => layerFromConfig({ kind: "dense", arguments: [1] }, wrong)).toThrow(
        "[layerFromConfig] expected { layers, activations } by name, received",
      );
  });

  it("are a member of the error, where they are names", () => {
    const attempt = (config: unknown) => () =>
      layerFromConfig(config, { layers: { dense }, activations: {} });
    const inside = { kind: "dense", arguments: [2, { activation: { kind: "curve" } }] };
    expect(attempt({ kind: "dnese" })).toThrow(expect.objectContaining({ unknownKind: "dnese" }));
    expect(attempt(inside)).toThrow(expect.objectContaining({ unknownKind: "curve" }));
    for (const other of [{ kind: 5 }, {}, { kind: "dense", arguments: [0] }])
      expect(attempt(other)).toThrow(expect.not.objectContaining({ unknownKind: expect.anything() }));
  });

  it("never reach what objects have by nature, nor functions that are no kinds", () => {
    for (const kind of [
      "__proto__",
      "constructor",
      "toString",
      "layerFromConfig",
      "defineLayer",
      "outputShape",
    ]) {
      expect(refuse({ kind })).toThrow(`received ${JSON.stringify(kind)}`);
    }
    expect(refuse(JSON.parse('{"kind": "slope", "__proto__": {"by": 1}}'))).toThrow("harmless names");
    expect(
      refuse(JSON.parse('{"kind": "dense", "arguments": [3, {"__proto__": {"useBias": false}}]}')),
    ).toThrow("harmless names");
    expect(refuse({ kind: "dense", arguments: [3, { constructor: 1 }] })).toThrow("harmless names");
  });

  it("are not layers", () => {
    for (const config of [
      null,
      3,
      "dense",
      [],
      {},
      { kind: 3 },
      { kind: "curve" },
      { kind: "l2", arguments: [1] },
    ]) {
      refuse(config);
    }
  });

  it("have options that nobody knows", () => {
    expect(refuse({ kind: "dense", arguments: [3, { groups: 2 }] })).toThrow(
      'biasRegularizer, name, trainable }, received "groups".',
    );
    expect(refuse({ kind: "activation", arguments: [{ kind: "curve", steep: true }] })).toThrow("steep");
    expect(refuse({ kind: "flatten", arguments: [], order: "columns" })).toThrow("order");
    expect(refuse({ kind: "flatten", arguments: [{ order: "columns" }] })).toThrow('received "order"');
    expect(refuse({ kind: "dropout", arguments: [0.5, { noise: [1] }] })).toThrow('received "noise"');
    expect(refuse({ kind: "flatten", arguments: [{}, { order: "columns" }] })).toThrow("arguments");
    expect(layerFromConfig({ kind: "flatten", arguments: [] }, namespaces).config).toEqual({
      kind: "flatten",
    });
  });

  it("have options that the layer refuses", () => {
    refuse({ kind: "dense", arguments: [-3] });
    refuse({ kind: "dense" });
    refuse({ kind: "dense", arguments: [3, { activation: "relu" }] });
    refuse({ kind: "sequential", arguments: [{ kind: "dense", arguments: [3] }] });
    refuse({ kind: "sequential", arguments: [[3], { kind: "glorotUniform" }] });
    refuse({ kind: "sequential", arguments: [["3"], { kind: "dense", arguments: [3] }] });
  });
});

describe("options that no file could hold", () => {
  it("are refused when the layer is made", () => {
    const kind = "mine";
    const forward = ({ input }: { input: never }) => input;
    expect(() => layers.defineLayer({ kind, arguments: [() => 1], forward: forward as never })).toThrow(
      "[mine] expected options that JSON can hold",
    );
    expect(() => layers.rescaling(Number.POSITIVE_INFINITY)).toThrow(
      "[rescaling] expected a finite number as scale",
    );
  });
});
