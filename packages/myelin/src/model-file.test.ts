import { describe, expect, it } from "vitest";
import {
  adam,
  batches,
  crossEntropy,
  defineActivation,
  defineLayer,
  dense,
  type FromBytesOptions,
  fromBytes,
  interpreter,
  Model,
  ModelFileError,
  relu,
  rescaling,
  type SameShape,
  sequential,
  toBytes,
} from "./index.js";

const inputs = Uint8Array.from({ length: 30 }, (_, i) => (i * 37) % 256);
const targets = ["cat", "dog", "cat", "eel", "dog", "cat", "eel", "eel", "dog", "cat"];

function trained(): Model {
  const model = new Model(sequential([3], rescaling(1 / 255), dense(5, { activation: relu }), dense(3)), {
    seed: 4,
  });
  model.fitSync(
    { inputs, targets },
    { loss: crossEntropy({ fromLogits: true }), optimizer: adam(), epochs: 3, batchSize: 4 },
  );
  model.preprocessing = { columns: ["r", "g", "b"] };
  return model;
}

it("keeps everything: bit-equal predictions, labels, preprocessing", () => {
  const model = trained();
  const bytes = toBytes(model);
  const same = fromBytes(bytes);
  expect(same.predict(inputs)).toEqual(model.predict(inputs));
  expect(same.parameters).toEqual(model.parameters);
  expect(same.labels).toEqual(["cat", "dog", "eel"]);
  expect(same.classify(inputs)).toEqual(model.classify(inputs));
  expect(same.preprocessing).toEqual({ columns: ["r", "g", "b"] });
  expect(toBytes(same)).toEqual(bytes);
  expect(fromBytes(bytes, { backend: interpreter }).engine).toBe("interpreter");
});

it("lets a loaded model train on", () => {
  const model = fromBytes(toBytes(trained()));
  const before = model.evaluate({ inputs, targets }, { loss: crossEntropy({ fromLogits: true }) }).loss;
  const { status } = model.fitSync(
    { inputs, targets },
    { loss: crossEntropy({ fromLogits: true }), optimizer: adam({ learningRate: 0.05 }), epochs: 50 },
  );
  expect(status).toBe("completed");
  expect(model.evaluate({ inputs, targets }).loss).toBeLessThan(before);
});

describe("parts of a program's own", () => {
  const cube = defineActivation({
    name: "cube",
    forward: (z) => z.multiply(z.square()),
    range: [-Infinity, Infinity],
  });
  const power = ({ exponent = 2 }: { exponent?: number } = {}) =>
    defineActivation({
      name: "power",
      options: { exponent },
      forward: (z) =>
        Array.from({ length: exponent - 1 }).reduce((product: typeof z) => product.multiply(z), z),
      range: [-Infinity, Infinity],
    });
  const scale = (by: number) =>
    defineLayer<SameShape>({ kind: "scale", arguments: [by], forward: ({ input }) => input.multiply(by) });
  const network = sequential(
    [3],
    scale(0.5),
    dense(4, { activation: cube }),
    dense(4, { activation: power({ exponent: 3 }) }),
    dense(1),
  );
  const model = new Model(network, { seed: 2 });
  const bytes = toBytes(model);

  it("are found where they are passed, beside those of Myelin", () => {
    const same = fromBytes(bytes, { layers: { scale }, activations: { cube, power } });
    expect(same.predict(inputs)).toEqual(model.predict(inputs));
    expect(same.network.config).toEqual(network.config);
  });

  it("win over those of Myelin", () => {
    const plain = fromBytes(toBytes(trained()), { activations: { relu: { ...cube, config: relu.config } } });
    expect(plain.predict(inputs)).not.toEqual(trained().predict(inputs));
  });

  it("are named where they are missing, with what to do", () => {
    const missing = (options: FromBytesOptions, name: string) => {
      const error = new ModelFileError(
        "unknown",
        `The network in the file has the layer or activation "${name}", which nobody passed: pass it under this name in { layers } or { activations }.`,
      );
      expect(() => fromBytes(bytes, options)).toThrow(error);
      expect(() => fromBytes(bytes, options)).toThrow(expect.objectContaining({ problem: "unknown" }));
    };
    missing({}, "scale");
    missing({ layers: { scale }, activations: { power } }, "cube");
    missing({ layers: { scale }, activations: { cube } }, "power");
  });

  it.each([[scale], null, scale, "scale"])("are refused as %o", (layers) => {
    expect(() => fromBytes(bytes, { layers: layers as never })).toThrow(
      "[fromBytes] expected layers by name, received",
    );
    expect(() => fromBytes(bytes, { activations: layers as never })).toThrow(
      "expected activations by name, received",
    );
  });

  it("are the only options beside those of a model", () => {
    expect(() => fromBytes(bytes, { layer: { scale } } as never)).toThrow(
      '[fromBytes] expected options { backend, seed, layers, activations }, received "layer".',
    );
  });
});

it("refuses what is no model", () => {
  expect(() => fromBytes(new Uint8Array(3))).toThrow(ModelFileError);
});

it("calls a file damaged, whichever byte of its header is another one", () => {
  const bytes = toBytes(trained());
  const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  for (let at = 0; at < header; at++) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] as number) ^ 0x15;
    try {
      fromBytes(damaged, { backend: interpreter });
    } catch (error) {
      expect(error, `byte ${at}`).toBeInstanceOf(ModelFileError);
    }
  }
});

it("refuses what are no bytes", () => {
  for (const wrong of ["digits.safetensors", undefined, [1, 2]])
    expect(() => fromBytes(wrong as never)).toThrow("[fromBytes] expected the bytes of a file, received");
  expect(() => toBytes(undefined as never)).toThrow("[toBytes] expected a model, received undefined.");
});

it("calls a file with parameters that are no numbers damaged", () => {
  const bytes = toBytes(trained());
  new DataView(bytes.buffer).setFloat32(bytes.length - 4, Number.NaN, true);
  expect(() => fromBytes(bytes)).toThrow(ModelFileError);
});

it("trains on the batches of @myelin/data, too", async () => {
  const model = new Model(sequential([3], rescaling(1 / 255), dense(3)));
  const samples = { inputs: { data: inputs, shape: [10, 3] as const }, targets };
  const run = await model.fit(batches(samples, { size: 4 }), {
    loss: crossEntropy({ fromLogits: true }),
    optimizer: adam(),
    epochs: 2,
    labels: ["eel", "dog", "cat"],
  });
  expect(model.labels).toEqual(["eel", "dog", "cat"]);
  expect(run.status).toBe("completed");
});
