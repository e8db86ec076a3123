import { expect, test } from "vitest";
import { firstBatches, oneHot } from "./batches.js";
import { makeTask, type TrainingTask } from "./task.js";
import { selectWorkloads } from "./workloads.js";

function training(name: string): TrainingTask {
  return makeTask(selectWorkloads([name])[0]!) as TrainingTask;
}

test("every process makes the same task", () => {
  expect(training("W2")).toEqual(training("W2"));
});

test("batches of xor are the four points", () => {
  for (const { inputs, targets } of firstBatches(training("W1"))) {
    expect([...inputs]).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
    expect([...targets]).toEqual([0, 1, 1, 0]);
  }
});

test("a batch has the rows in order, scaled", () => {
  const task = training("W3");
  const batches = firstBatches(task);
  expect(batches).toHaveLength(64);
  const [, second] = batches;
  const width = 784;
  const ink = task.data.inputs.findIndex((value, i) => i >= 32 * width && value > 0);
  expect(second!.inputs[ink - 32 * width]).toBe(Math.fround(task.data.inputs[ink]! / 255));
  expect([...second!.targets]).toEqual([...task.data.targets.subarray(32, 64)]);
});

test("weights have the shapes of the layers", () => {
  expect(training("W7").weights.map(({ shape }) => shape)).toEqual([
    [3, 3, 1, 8],
    [3, 3, 8, 16],
    [400, 10],
  ]);
});

test("one-hot rows", () => {
  expect([...oneHot([1, 0], 3)]).toEqual([0, 1, 0, 1, 0, 0]);
});
