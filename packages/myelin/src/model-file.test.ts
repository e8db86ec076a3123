import { expect, it } from "vitest";
import {
  adam,
  batches,
  crossEntropy,
  dense,
  fromBytes,
  interpreter,
  Model,
  ModelFileError,
  relu,
  rescaling,
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
