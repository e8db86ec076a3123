import { describe, expect, it } from "vitest";
import type { Prepared } from "./prepare.js";
import { rowWeights } from "./row-weights.js";

const set = (changes: Partial<Prepared>): Prepared => ({
  count: 3,
  inputs: new Float32Array(3),
  targets: Int32Array.of(0, 1, 2),
  targetShape: [],
  indices: true,
  labels: undefined,
  ...changes,
});
const weigh = (classWeights: Record<string, number>, changes: Partial<Prepared> = {}) =>
  Array.from(rowWeights({ classWeights }, set(changes), 3) ?? []);

describe("class weights", () => {
  it("go by index or by label, 1 where absent", () => {
    const labels = ["cat", "dog", "eel"];
    expect(weigh({ 1: 5 })).toEqual([1, 5, 1]);
    expect(weigh({ dog: 5, cat: 2 }, { labels })).toEqual([2, 5, 1]);
    expect(weigh({ 1: 5, 0: 2 }, { labels })).toEqual([2, 5, 1]);
  });

  it("are those of labels that look like indices", () => {
    expect(weigh({ 1: 5 }, { labels: ["1", "2", "3"] })).toEqual([5, 1, 1]);
    expect(weigh({ 0: 5 }, { labels: ["1", "2", "3"] })).toEqual([5, 1, 1]);
  });

  it("are 1 for classes that are named like what every object has", () => {
    expect(weigh({ x: 2 }, { labels: ["constructor", "x", "toString"] })).toEqual([1, 2, 1]);
  });

  it("take values of one column", () => {
    const targets = Float32Array.of(-1, 1, 1);
    expect(weigh({ "-1": 4 }, { targets, indices: false })).toEqual([4, 1, 1]);
  });

  it("are refused where a row has several decisions", () => {
    const message =
      "one class index, label, 0 or 1 per row as targets beside classWeights, received 2 numbers per row.";
    const targets = Int32Array.of(0, 2, 1, 2, 0, 0);
    expect(() => weigh({ 1: 5 }, { targets, targetShape: [2] })).toThrow(message);
    expect(() => weigh({ 1: 5 }, { targets: Float32Array.from(targets), indices: false })).toThrow(message);
  });

  it("of classes that do not exist are refused", () => {
    const labels = ["cat", "dog", "eel"];
    const message = "[fit] expected classWeights for the classes cat, dog, eel, received";
    expect(() => weigh({ cow: 5 }, { labels })).toThrow(`${message} "cow".`);
    expect(() => weigh({ dog: 1, 0: 5 }, { labels })).toThrow(`${message} "dog".`);
    expect(() => weigh({ 3: 5 })).toThrow('classWeights for the classes 0 to 2, received "3".');
  });
});

it.each([
  [{}, "a Object"],
  [5, "5"],
  [new Set([1, 2, 3]), "a Set"],
  [null, "null"],
])("sample weights %o are refused", (sampleWeights, received) => {
  expect(() => rowWeights({ sampleWeights: sampleWeights as never }, set({}), 3)).toThrow(
    `[fit] expected sampleWeights in an array, received ${received}.`,
  );
});
