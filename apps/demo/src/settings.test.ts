import { expect, test } from "vitest";
import { defaults, readSettings, type Settings, writeSettings } from "./settings.js";

const names = ["tanh", "relu"];

test("what is written into the address is read back", () => {
  const settings: Settings = {
    data: "spirals",
    noise: 0.24,
    hidden: [8, 4, 2],
    activation: "relu",
    optimizer: "momentum",
    learningRate: 0.3,
    batchSize: 64,
    seed: 42,
  };
  expect(readSettings(`#${writeSettings(settings)}`, names)).toEqual(settings);
});

test("a network without hidden layers has an address, too", () => {
  const settings = { ...defaults, hidden: [] };
  expect(readSettings(writeSettings(settings), names).hidden).toEqual([]);
});

test("an empty address gives the defaults", () => {
  expect(readSettings("", names)).toEqual(defaults);
});

test.each([
  "data=mars",
  "noise=-1",
  "noise=",
  "noise=Infinity",
  "hidden=0",
  "hidden=4,4,4,4,4,4",
  "hidden=4,x",
  "hidden=1.5",
  "activation=softmax",
  "optimizer=constructor",
  "rate=0",
  "rate=NaN",
  "batch=0",
  "batch=2.5",
  "seed=-3",
  "seed=1e99",
])("nonsense is as by default: %s", (hash) => {
  expect(readSettings(hash, names)).toEqual(defaults);
});
