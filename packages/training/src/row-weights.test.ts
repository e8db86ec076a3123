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
const weigh = (
  classWeights: Record<string, number>,
  changes: Partial<Prepared> = {},
  classes: number | undefined = 3,
) => Array.from(rowWeights({ classWeights }, set(changes), classes) ?? []);

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

  it("are those of no and yes where there is one output; a share counts as what it is nearer to", () => {
    const binary = { targets: Float32Array.of(0, 1, 0.9), targetShape: [1], indices: false };
    expect(weigh({ 1: 4 }, binary, 2)).toEqual([1, 4, 4]);
    expect(weigh({ 0: 2, 1: 4 }, binary, 2)).toEqual([2, 4, 4]);
    expect(() => weigh({ 2: 4 }, binary, 2)).toThrow('classWeights for the classes 0 to 1, received "2".');
  });

  it("are refused beside numbers, several answers and several positions", () => {
    const wanted = "[fit] expected one class per row of targets beside classWeights, received";
    const numbers = { targets: Float32Array.of(-1, 1, 1), targetShape: [1], indices: false };
    expect(() => rowWeights({ classWeights: { 1: 4 } }, set(numbers), undefined)).toThrow(
      `${wanted} targets of shape [1]. Use sampleWeights.`,
    );
    const answers = { targets: new Float32Array(6), targetShape: [2], indices: false };
    expect(() => weigh({ 1: 4 }, answers, 2)).toThrow(`${wanted} targets of shape [2].`);
    expect(() => weigh({ 1: 4 }, { targets: new Int32Array(6), targetShape: [2] })).toThrow(wanted);
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
  [{}, "an Object"],
  [5, "5"],
  [new Set([1, 2, 3]), "a Set"],
  [null, "null"],
])("sample weights %o are refused", (sampleWeights, received) => {
  expect(() => rowWeights({ sampleWeights: sampleWeights as never }, set({}), 3)).toThrow(
    `[fit] expected sampleWeights in an array, received ${received}.`,
  );
});
