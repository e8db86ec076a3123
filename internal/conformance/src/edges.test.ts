import * as t from "@myelin/tensor";
import { expect, it } from "vitest";
import { defineStep, runStep } from "./run-step.js";

const values = [-1.5, -0.3, 0, 0.3, 0.7, 1.2, 2.5];

/** What the graph means, compiled and run on the engine. */
function check(output: (x: t.Tensor) => t.Tensor): ArrayLike<number> {
  const x = t.parameter("x", [values.length]);
  const step = { name: "edge", outputs: { result: output(x) }, assignments: [] };
  const given = new Map<t.Tensor, t.Values>([[x, values]]);
  const { result } = runStep(step, given).outputs;
  expect(Array.from(result ?? [])).toEqual(Array.from(defineStep(step, given).outputs.result ?? []));
  return result ?? [];
}

it("truth values are counted", () => {
  expect([...Array.from(check((x) => t.sum(t.less(x, 1))))]).toEqual([5]);
  expect([...Array.from(check((x) => t.max(t.less(x, -9))))]).toEqual([0]);
});

it("sums over nothing are 0", () => {
  const nothing = (x: t.Tensor) => t.slice(x, [0], [0]);
  check((x) => t.add(x, t.sum(nothing(x))));
  check((x) => t.add(t.reshape(x, [7, 1]), t.matmul(t.filled([7, 0], 1), t.filled([0, 1], 1))));
});

it("nothing goes through every kind of kernel", () => {
  const nothing = (x: t.Tensor) => t.reshape(t.slice(x, [0], [0]), [0, 3]);
  check((x) => t.reshape(t.tanh(t.reverse(nothing(x), 1)), [3, 0, 2]));
  check((x) => t.matmul(nothing(x), t.reshape(t.slice(x, [1], [6]), [3, 2])));
  check((x) => t.matmul(t.transpose(t.slice(t.reshape(x, [1, 7]), [0, 0], [1, 0])), t.reshape(x, [1, 7])));
  check((x) => t.pad(nothing(x), [2, 0], [1, 0], { value: 4 }));
  check((x) => t.gather(t.reshape(x, [7, 1]), t.tensorOf([], [0], "i32")));
  check((x) => t.scatterAdd(t.tensorOf([], [0], "i32"), nothing(x), 2));
  check((x) => t.add(nothing(x), t.tensorOf([], [0, 3])));
  check((x) => t.matmul(t.tensorOf([], [0, 7]), t.reshape(x, [7, 1])));
});

it("a number is true unless it is 0", () => {
  const expected = [1, 1, 0, 1, 1, 1, 1];
  expect([...Array.from(check((x) => t.select(t.cast(x, "bool"), 1, 0)))]).toEqual(expected);
  expect([...Array.from(check((x) => t.cast(t.cast(x, "bool"), "f32")))]).toEqual(expected);
  expect([...Array.from(check((x) => t.cast(t.cast(t.cast(x, "i32"), "bool"), "f32")))]).toEqual([
    1, 0, 0, 0, 0, 1, 1,
  ]);
});

it("a random number may be a scalar", () => {
  const key = t.tensor([1, 2, 3], "i32");
  check((x) => t.multiply(x, t.random(key, [], 77)));
});
