import { describe, expect, it } from "vitest";
import * as t from "./index.js";

/** Every function that takes a tensor first, with what follows. */
const functions: Record<string, readonly unknown[]> = {
  ...{ exp: [], expm1: [], log: [], log1p: [], sqrt: [], tanh: [], sigmoid: [], erfc: [], sin: [], cos: [] },
  ...{ floor: [], stopGradient: [], cast: ["i32"], sum: [], max: [], argmax: [], oneHot: [3] },
  ...{ reshape: [[1]], transpose: [], broadcastTo: [[2]], expandDims: [0], pad: [[0], [0]] },
  ...{ slice: [[0], [1]], reverse: [0], slidingWindow: [[]], gather: [t.tensor([0], "i32")] },
  ...{
    matmul: [t.tensor([1])],
    contract: [t.tensor([1]), {}],
    scatterAdd: [t.tensor([1]), 1],
    gradient: [{}],
  },
};
const namespace = t as unknown as Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;

describe.each(Object.entries(functions))("%s", (name, others) => {
  it.each([[5], [[1, 2]], [undefined], [new Float32Array(2)]])("says that %o is no tensor", (wrong) => {
    expect(() => namespace[name]?.(wrong, ...others)).toThrow(
      new RegExp(`^\\[${name}\\] expected a tensor, received .*\\. Wrap data with tensor\\(\\.\\.\\.\\)\\.$`),
    );
  });
});

it("other operands have to be tensors, too", () => {
  const x = t.tensor([1, 2]);
  expect(() => t.matmul(x, [[1]] as never)).toThrow("[matmul] expected a tensor, received [[1]].");
  expect(() => t.gather(x, [0] as never)).toThrow("[gather] expected a tensor, received [0].");
  expect(() => t.concatenate([x, [1]] as never)).toThrow("[concatenate] expected a tensor, received [1].");
  expect(() => t.assign(t.parameter("p", []), 5 as never)).toThrow("[assign] expected a tensor, received 5.");
  expect(() => t.assign(undefined as never, x)).toThrow("[assign] expected a parameter to write to");
  expect(() => t.add(undefined as never, 1)).toThrow("[add] expected a tensor, received undefined.");
});

it("gradients are of tensors by name", () => {
  const x = t.parameter("x", []);
  for (const wrong of [undefined, 5, { x: [1] }, [x]])
    expect(() => t.gradient(x, wrong as never)).toThrow("[gradient] expected a tensor, received");
});

it("types that do not exist are refused", () => {
  expect(() => t.cast(t.tensor([1]), "f64" as never)).toThrow(
    '[cast] expected dtype f32, i32 or bool, received "f64".',
  );
});

it("data are numbers", () => {
  expect(() => t.tensor(new BigInt64Array(2) as never)).toThrow(
    "[tensor] expected numbers, received a BigInt64Array.",
  );
  expect(() => t.tensor(["1", "2"] as never, [2])).toThrow('[tensor] expected numbers, received ["1", "2"].');
  expect(() => t.tensor([1n] as never)).toThrow("[tensor] expected numbers in nested arrays, received 1n.");
  for (const wrong of [new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), new Map()])
    expect(() => t.tensor(wrong as never)).toThrow("[tensor] expected numbers in nested arrays, received a");
  expect(t.tensor(new Float32Array(0), [0]).shape).toEqual([0]);
});
