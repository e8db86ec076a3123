import { expect, it } from "vitest";
import { adam, cosineDecay, sgd } from "./index.js";

it("refuses texts as numbers", () => {
  for (const optimizer of [sgd, adam])
    expect(() => optimizer({ learningRate: "0.1" as never })).toThrow(
      /^\[(sgd|adam)\] expected a number as learningRate, received "0.1"\.$/,
    );
  expect(() => adam({ beta1: "0.9" as never })).toThrow('[adam] expected a number as beta1, received "0.9".');
});

it.each([{}, [0.1], -1, Number.NaN])("refuses the learning rate %o", (learningRate) => {
  for (const optimizer of [sgd, adam])
    expect(() => optimizer({ learningRate: learningRate as never })).toThrow(
      "expected a finite number of at least 0 or a schedule as learningRate, received",
    );
});

it.each([null, "0.1", true])("says that the learning rate %o is no number", (learningRate) => {
  for (const optimizer of [sgd, adam])
    expect(() => optimizer({ learningRate: learningRate as never })).toThrow(
      "expected a number as learningRate, received",
    );
});

it("options that are numbers are no lists and no records", () => {
  for (const wrong of [{}, [], [0.9]] as never[]) {
    expect(() => sgd({ momentum: wrong })).toThrow(
      "[sgd] expected a finite number of at least 0 as momentum, received",
    );
    expect(() => adam({ weightDecay: wrong })).toThrow(
      "[adam] expected a finite number of at least 0 as weightDecay, received",
    );
  }
});

it.each([0, null, "", false, {}, [], 1])("refuses %o as clipping", (clipping) => {
  expect(() => sgd({ clipping: clipping as never })).toThrow(
    "[sgd] expected clipping such as clipByNorm(1), received",
  );
});

it("takes numbers, schedules and functions", () => {
  for (const learningRate of [0, 0.1, cosineDecay({ initialRate: 1, steps: 2 }), () => 1])
    expect(sgd({ learningRate }).learningRate).toBe(learningRate);
});

it("decay rates are numbers", () => {
  for (const beta1 of [[], [0.5], {}, Number.NaN, -0.1, 1] as never[])
    expect(() => adam({ beta1 })).toThrow("[adam] expected beta1 in [0, 1), received");
});
