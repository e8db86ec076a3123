import { describe, expect, it } from "vitest";
import * as t from "./index.js";

/** Every function that takes a tensor first, with what follows. */
const functions: Record<string, readonly unknown[]> = {
  ...{ exp: [], expm1: [], log: [], log1p: [], sqrt: [], tanh: [], sigmoid: [], erfc: [], sin: [], cos: [] },
  ...{ floor: [], stopGradient: [], cast: ["i32"], negate: [], square: [], absolute: [], sign: [], erf: [] },
  ...{ sum: [], mean: [], max: [], min: [], argmax: [], oneHot: [3], softplus: [], softmax: [] },
  ...{ logSoftmax: [], logSumExp: [] },
  ...{ reshape: [[1]], transpose: [], broadcastTo: [[2]], expandDims: [0], pad: [[0], [0]] },
  ...{ slice: [[0], [1]], reverse: [0], slidingWindow: [[]], gather: [t.tensor([0], "i32")] },
  ...{
    matmul: [t.tensor([1])],
    contract: [t.tensor([1]), {}],
    scatterAdd: [t.tensor([1]), 1],
    gradient: [{}],
    random: [[2], 1],
    clip: [0, 1],
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
  for (const none of [undefined, null, [], {}] as never[])
    expect(() => t.concatenate(none)).toThrow("[concatenate] expected at least one tensor, received");
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
    '[cast] expected dtype f32, or i32, or bool, received "f64".',
  );
  for (const wrong of ["f64", "float32", 5] as never[]) {
    expect(() => t.parameter("p", [2], wrong)).toThrow(
      "[parameter] expected dtype f32, or i32, or u8, received",
    );
    expect(() => t.input("x", [2], wrong)).toThrow("[input] expected dtype f32, or i32, or u8, or bool, rec");
    expect(() => t.tensor([1], wrong)).toThrow("expected dtype f32, or i32, or u8, received");
    expect(() => t.zeros([1], wrong)).toThrow("[tensor] expected dtype f32, or i32, or u8, received");
  }
  // No memory holds truth values, a step may be given some.
  expect(() => t.parameter("p", [2], "bool")).toThrow('or u8, received "bool".');
  expect(t.input("x", [2], "bool").dtype).toBe("bool");
  expect(t.parameter("p", [2], "u8").dtype).toBe("u8");
});

it("iota counts along an axis that there is", () => {
  const valuesOf = (axis?: number) => t.iota([2, 3], axis).toArray();
  expect(valuesOf(-1)).toEqual(valuesOf(1));
  expect(valuesOf(-1)).toEqual(valuesOf());
  expect(valuesOf(-2)).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
  for (const wrong of [2, -3, 0.5, "0"] as never[])
    expect(() => t.iota([2, 3], wrong)).toThrow(
      `[iota] expected axes between -2 and 1, not (${wrong}), received [2, 3].`,
    );
});

it("data are numbers", () => {
  expect(() => t.tensor(new BigInt64Array(2) as never)).toThrow(
    "[tensor] expected numbers, received a BigInt64Array.",
  );
  expect(() => t.tensor(["1", "2"] as never, [2])).toThrow('[tensor] expected numbers, received ["1", "2"].');
  expect(() => t.tensor([1n] as never)).toThrow("[tensor] expected numbers, received 1n.");
  for (const wrong of [new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), new Map()])
    expect(() => t.tensor(wrong as never)).toThrow("[tensor] expected numbers, received a");
  expect(t.tensor(new Float32Array(0), [0]).shape).toEqual([0]);
});

it("functions that are written with others answer in their own name", () => {
  const x = t.tensor([1, 2]);
  expect(() => t.greater(x, "1" as never)).toThrow('[greater] expected a tensor, received "1".');
  expect(() => t.greaterOrEqual(x, undefined as never)).toThrow("[greaterOrEqual] expected a tensor,");
  expect(() => t.subtract("1" as never, 2)).toThrow('[subtract] expected a tensor, received "1".');
  expect(() => t.mean(x, 1)).toThrow("[mean] expected axes between -1 and 0, not (1), received [2].");
  expect(() => t.min(x, 1)).toThrow("[min] expected axes between -1 and 0, not (1), received [2].");
  expect(() => t.min(x, 0, { keepdims: true } as never)).toThrow("[min] expected options { keepDims }");
  for (const [low, high] of [
    ["0", 1],
    [0, undefined],
    [0, [1]],
  ] as never[][])
    expect(() => t.clip(x, low as never, high as never)).toThrow("[clip] expected a tensor, received");
});

/** Every function that takes a shape, as a function of it. */
const shaped: Record<string, (shape: never) => unknown> = {
  tensor: (shape) => t.tensorOf([1], shape),
  zeros: t.zeros,
  ones: t.ones,
  filled: (shape) => t.filled(shape, 2),
  parameter: (shape) => t.parameter("x", shape),
  input: (shape) => t.input("x", shape),
  iota: (shape) => t.iota(shape),
  random: (shape) => t.random(t.tensor([1, 0, 0], "i32"), shape, 1),
  reshape: (shape) => t.reshape(t.tensor([1]), shape),
  broadcastTo: (shape) => t.broadcastTo(t.tensor([1]), shape),
};

describe.each(Object.entries(shaped))("%s", (name, make) => {
  it.each([
    [3, "3"],
    [undefined, "undefined"],
    [null, "null"],
    ["3", '"3"'],
    [{}, "an Object"],
    [new Int32Array([1]), "an Int32Array"],
    [["3"], '["3"]'],
    [[1.5], "[1.5]"],
    [[-2], "[-2]"],
    [[Number.NaN], "[NaN]"],
    [[Number.POSITIVE_INFINITY], "[Infinity]"],
    [[[3]], "[[3]]"],
  ])("says that %o is no shape", (wrong, received) => {
    expect(() => make(wrong as never)).toThrow(
      `[${name}] expected a shape such as [2, 3] (whole numbers of at least ${name === "reshape" ? -1 : 0}), received ${received}.`,
    );
  });
});

it("messages have the right article", () => {
  const received = (value: unknown) => {
    try {
      t.want(false, "test", "nothing", value);
    } catch (error) {
      return (error as Error).message.slice("[test] expected nothing, received ".length);
    }
  };
  expect(received({})).toBe("an Object.");
  expect(received(new Int8Array(1))).toBe("an Int8Array.");
  expect(received(new ArrayBuffer(1))).toBe("an ArrayBuffer.");
  expect(received(new Error("x"))).toBe("an Error.");
  expect(received(new Uint8Array(1))).toBe("a Uint8Array.");
  expect(received(new Map())).toBe("a Map.");
  expect(received(Object.create(null))).toBe("a record.");
  expect(received([{}])).toBe("[an Object].");
});

describe("cells per axis", () => {
  const x = t.tensor([1, 2, 3, 4]);

  it.each([[1], [undefined], ["1"], [[1.5]], [[-1]], [[Number.NaN]], [{}]])("are no %o", (wrong) => {
    const bad = wrong as never;
    for (const [name, make] of [
      ["low", () => t.pad(x, bad, [0])],
      ["high", () => t.pad(x, [0], bad)],
      ["start", () => t.slice(x, bad, [1])],
      ["size", () => t.slice(x, [0], bad)],
    ] as const)
      expect(make).toThrow(`expected ${name} (whole numbers of at least 0), received`);
    // Undefined is the default of these.
    for (const [name, make] of [
      ["interior", () => t.pad(x, [0], [0], { interior: bad })],
      ["step", () => t.slice(x, [0], [1], bad)],
    ] as const)
      if (wrong === undefined) expect(make).not.toThrow();
      else expect(make).toThrow(`expected ${name} (whole numbers of at least 0), received`);
  });

  it("are as many as there are axes", () => {
    expect(() => t.pad(x, [0], [0, 0])).toThrow("[pad] expected cells for every axis, received [4].");
    expect(() => t.pad(x, [0], [])).toThrow("[pad] expected cells for every axis");
    expect(() => t.pad(x, [0], [0], { interior: [] })).toThrow("[pad] expected cells for every axis");
    expect(() => t.slice(x, [0, 0], [1, 1])).toThrow("[slice] expected room for [1,1] cells");
    expect(() => t.slice(x, [], [1])).toThrow("[slice] expected room for [1] cells");
    expect(() => t.slice(x, [0], [])).toThrow("[slice] expected room for [] cells");
  });

  it("lie inside of the tensor, also walking back", () => {
    expect(() => t.slice(x, [3], [5], [-1])).toThrow("[slice] expected step (whole numbers of at least 0)");
    expect(() => t.slice(x, [5], [1])).toThrow("[slice] expected room for [1] cells from [5] by [1]");
    expect(t.slice(x, [4], [0]).shape).toEqual([0]);
  });
});

it("axes of a product are lists by name, and windows are a list", () => {
  const x = t.tensor([[1, 2]]);
  for (const wrong of [undefined, null, { left: [1] }, { leftContracted: 5 }] as never[])
    expect(() => t.contract(x, x, wrong)).toThrow(/^\[contract\] expected (options|axes in an array)/);
  for (const wrong of [undefined, 2, { axis: 0, size: 1 }] as never[])
    expect(() => t.slidingWindow(x, wrong)).toThrow(
      "[slidingWindow] expected windows { axis, size, .. } in an",
    );
});

it("argmax goes along one axis", () => {
  const x = t.tensor([[1, 2]]);
  for (const wrong of [[0, 1], null] as never[])
    expect(() => t.argmax(x, wrong)).toThrow("[argmax] expected one axis, received");
  expect(t.argmax(x).toArray()).toEqual([1]);
});

it("an order of axes names them all", () => {
  const x = t.tensor([[1, 2]]);
  for (const wrong of [[0], [], [0, 0], [0, 1, 0]])
    expect(() => t.transpose(x, wrong)).toThrow(
      `[transpose] expected all axes once, not [${wrong.join(", ")}]`,
    );
  expect(t.transpose(x, [0, 1])).toBe(x);
});

it("places for new axes are numbers", () => {
  const x = t.tensor([1, 2]);
  for (const wrong of [undefined, null, "0", [undefined], {}, [0.5]] as never[])
    expect(() => t.expandDims(x, wrong)).toThrow("[expandDims] expected axes between");
  expect(t.expandDims(x, [0, -1]).shape).toEqual([1, 2, 1]);
});
