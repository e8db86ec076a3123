import { expect, test } from "vitest";
import type { Measurement } from "../protocol.js";
import { FIELD } from "../protocol.js";
import { defaults, optimizerNames, type Settings } from "../settings.js";
import { Trainee } from "./trainee.js";

const xor: Settings = { ...defaults, data: "xor", hidden: [6], learningRate: 0.03 };

async function trained(settings: Settings, epochs: number) {
  const trainee = new Trainee(settings);
  const measurements: Measurement[] = [];
  const result = await trainee.train(epochs, new AbortController().signal, (each) => measurements.push(each));
  return { trainee, measurements, result };
}

test("it learns xor, and the plane shows it", async () => {
  const { trainee, measurements, result } = await trained(xor, 60);
  expect(result.status).toBe("completed");
  expect(measurements.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(measurements.at(-1)?.testAccuracy).toBeGreaterThan(0.95);
  expect(measurements.at(-1)?.loss).toBeLessThan(measurements[0]!.loss / 3);
  const field = trainee.field();
  const at = (column: number, row: number) => field[row * FIELD + column]!;
  const [near, far] = [Math.round(FIELD / 4), Math.round((3 * FIELD) / 4)];
  for (const value of [at(near, near), at(far, far)]) expect(value).toBeGreaterThan(0.8);
  for (const value of [at(near, far), at(far, near)]) expect(value).toBeLessThan(0.2);
});

test("the network has the layers that were chosen", () => {
  const shapes = new Trainee({ ...defaults, hidden: [5, 3] })
    .layers()
    .map(({ kernel, bias }) => [kernel.length, bias.length]);
  expect(shapes).toEqual([
    [10, 5],
    [15, 3],
    [3, 1],
  ]);
});

test("several short runs are one long one", async () => {
  const long = (await trained(xor, 6)).trainee.layers();
  const { trainee } = await trained(xor, 2);
  await trainee.train(4, new AbortController().signal, () => {});
  expect(trainee.epoch).toBe(6);
  expect(trainee.layers()).toEqual(long);
});

test.each(optimizerNames)("%s makes the loss smaller", async (optimizer) => {
  const adaptive = optimizer !== "sgd" && optimizer !== "momentum";
  const settings: Settings = {
    ...defaults,
    data: "blobs",
    noise: 0,
    optimizer,
    learningRate: adaptive ? 0.01 : 0.1,
  };
  const { measurements } = await trained(settings, 15);
  expect(measurements.at(-1)?.loss).toBeLessThan(0.7 * measurements[0]!.loss);
});

test("before the first epoch it guesses", () => {
  const { epoch, loss } = new Trainee(xor).measure();
  expect(epoch).toBe(0);
  expect(loss).toBeGreaterThan(0.3);
});

test("steps that are far too large are reported", async () => {
  const { result } = await trained(
    { ...xor, activation: "leakyRelu", hidden: [8, 8, 8], optimizer: "sgd", learningRate: 1000 },
    20,
  );
  expect(result.status).toBe("diverged");
});

test("an aborted run ends", async () => {
  const stopping = new AbortController();
  const trainee = new Trainee(xor);
  const result = await trainee.train(1_000_000, stopping.signal, ({ epoch }) => {
    if (epoch === 3) stopping.abort();
  });
  expect(result.status).toBe("aborted");
});
