import { describe, expect, it } from "vitest";
import * as t from "./index.js";

describe("eager use", () => {
  it("computes when values are asked for", () => {
    expect(t.tensor([1, 2]).multiply(2).toArray()).toEqual([2, 4]);
    expect(
      t
        .tensor([
          [1, 2],
          [3, 4],
        ])
        .matmul(
          t.tensor([
            [1, 0],
            [0, 2],
          ]),
        )
        .toArray(),
    ).toEqual([
      [1, 4],
      [3, 8],
    ]);
    expect(
      t
        .tensor([
          [1, 5],
          [7, 3],
        ])
        .max(1)
        .toArray(),
    ).toEqual([5, 7]);
    expect(t.tensor([1, 2, 3]).mean().item()).toBe(2);
    expect(t.tensor(3).add(4).toArray()).toBe(7);
  });

  it("rounds to float32", () => {
    expect(t.tensor([0.1]).add(0.2).toArray()).toEqual([Math.fround(Math.fround(0.1) + Math.fround(0.2))]);
  });

  it("indexes, joins and moves", () => {
    const x = t.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.transpose().toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(t.concatenate([x, x], 1).toArray()).toEqual([
      [1, 2, 3, 1, 2, 3],
      [4, 5, 6, 4, 5, 6],
    ]);
    expect(x.gather(t.tensor([1, 1, 0], "i32")).toArray()).toEqual([
      [4, 5, 6],
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(t.oneHot(t.tensor([2, 0], "i32"), 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(
      t
        .argmax(
          t.tensor([
            [1, 9, 9],
            [3, 2, 1],
          ]),
        )
        .toArray(),
    ).toEqual([1, 0]);
    expect(t.reverse(x, [0, 1]).toArray()).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(t.pad(t.tensor([1, 2]), [1], [0], { interior: [1], value: 9 }).toArray()).toEqual([9, 1, 9, 2]);
    expect(
      t.slidingWindow(t.tensor([1, 2, 3, 4, 5]), [{ axis: 0, size: 2, stride: 2, dilation: 1 }]).toArray(),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe("integers", () => {
  it("wrap to 32 bits in sums and products, and truncate in quotients", () => {
    const largest = t.tensor([2 ** 31 - 1, -7], "i32");
    expect(largest.add(t.tensor([1, 1], "i32")).toArray()).toEqual([-(2 ** 31), -6]);
    expect(largest.multiply(largest).toArray()).toEqual([1, 49]);
    expect(largest.divide(t.tensor([2, 2], "i32")).toArray()).toEqual([2 ** 30 - 1, -3]);
    expect(t.sum(t.tensor([2 ** 24, 1, 1], "i32")).item()).toBe(2 ** 24 + 2);
    expect(t.cast(t.tensor([1e10, -2.7, Number.NaN]), "i32").toArray()).toEqual([2 ** 31 - 1, -2, 0]);
  });
});

describe("a movement that moves nothing", () => {
  it("is its operand", () => {
    const x = t.parameter("x", [2, 1]);
    const same = [
      t.reshape(x, [2, -1]),
      t.transpose(x, [0, 1]),
      t.broadcastTo(x, [2, 1]),
      t.pad(x, [0, 0], [0, 0]),
      t.slice(x, [0, 0], [2, 1]),
      t.reverse(x, []),
      t.sum(x, []),
      t.cast(x, "f32"),
    ];
    for (const tensor of same) expect(tensor).toBe(x);
  });
});

describe("stable composites", () => {
  it("survive large and infinite arguments", () => {
    expect(t.softplus(t.tensor([-1000, 0, 1000, -Infinity, Infinity])).toArray()).toEqual([
      0,
      Math.fround(Math.LN2),
      1000,
      0,
      Infinity,
    ]);
    expect(t.softmax(t.tensor([1000, 1000])).toArray()).toEqual([0.5, 0.5]);
    expect(t.logSoftmax(t.tensor([0, -1000])).toArray()).toEqual([0, -1000]);
    expect(t.logSumExp(t.tensor([[1000, 1000]])).toArray()).toEqual([[Math.fround(1000 + Math.LN2)]]);
    expect(t.erf(t.tensor([-Infinity, -6, 6, Infinity])).toArray()).toEqual([-1, -1, 1, 1]);
  });

  // Values of Python's math.erf.
  it.each([
    [1e-20, 1.1283791670955125e-20],
    [0.1, 0.1124629160182849],
    [0.49, 0.511668261188523],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
  ])("erf(%d) = %d, and odd", (x, expected) => {
    const both = [t.erf(t.tensor([x])), t.erf(t.tensor([-x]))];
    const [plus = NaN, minus] = t
      .interpretGraph(both, { precision: "f64", values: new Map() })
      .map(([y]) => y);
    expect(Math.abs(plus / expected - 1)).toBeLessThan(1e-15);
    expect(minus).toBeCloseTo(-plus, 15);
  });
});

describe("hash-consing", () => {
  it("refuses windows that are larger than their axis", () => {
    const window = { axis: 1, size: 3, stride: 1, dilation: 2 };
    expect(() => t.slidingWindow(t.zeros([5, 4]), [window])).toThrow(
      "[slidingWindow] expected at least 5 cells on axis 1, received [5, 4].",
    );
  });

  it("makes equal expressions one object, and unequal ones not", () => {
    const x = t.parameter("x", [2]);
    expect(t.tanh(t.add(x, 1))).toBe(t.tanh(t.add(x, 1)));
    expect(t.add(x, 0)).not.toBe(t.add(x, -0));
    const window = { axis: 0, size: 1, stride: 1, dilation: 1 };
    expect(t.slidingWindow(x, [window])).toBe(t.slidingWindow(x, [window]));
    expect(t.slidingWindow(x, [window])).not.toBe(t.slidingWindow(x, [{ ...window, stride: 2 }]));
    expect(t.parameter("x", [2])).not.toBe(x);
    const key = t.tensor([1, 2, 3], "i32");
    expect(t.random(key, [2], 5)).not.toBe(t.random(key, [2], 5));
  });

  it("keeps the origins of everyone who wrote a merged expression", () => {
    const x = t.parameter("x", [2]);
    const write = () => t.multiply(x, x);
    const a = t.withOrigin("network", () => t.withOrigin("dense_1", write));
    const b = t.withOrigin("dense_2", write);
    expect(a).toBe(b);
    expect([...a.origins]).toEqual(["network/dense_1", "dense_2"]);
  });
});

describe("errors name the operation, what it wanted, what it got, and a way out", () => {
  it("shows short lists, and of long ones how many entries they have", () => {
    const message = (values: unknown) => new t.ArgumentError("sum", "axes", values).message;
    expect(message([1, [2, "a"]])).toBe('[sum] expected axes, received [1, [2, "a"]].');
    expect(message(new Array(10).fill(0))).toBe("[sum] expected axes, received 10 entries.");
    expect(message([new Array(5000).fill(0), 1])).toBe("[sum] expected axes, received [5000 entries, 1].");
  });

  const x = t.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const message = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return (error as Error).message;
    }
    return "no error";
  };

  it("for shapes", () => {
    const untyped = x as t.Tensor;
    expect(
      message(() => t.withOrigin("net/dense_1", () => t.matmul(untyped, untyped))),
    ).toMatchInlineSnapshot(
      `"[matmul] expected equal extents on axes [1] and [0], received [2, 3] and [2, 3] (in net/dense_1). Reshape or transpose one of them."`,
    );
    expect(message(() => t.add(untyped, t.tensor([1, 2]) as t.Tensor))).toMatchInlineSnapshot(
      `"[add] expected shapes that broadcast (equal extents or 1, from the last axis), received [2, 3] and [2]. Reshape or transpose one of them."`,
    );
    expect(message(() => x.reshape([4, -1]))).toMatchInlineSnapshot(
      `"[reshape] expected 6 elements in shape [4, -1], received [2, 3]."`,
    );
    expect(message(() => x.sum(2))).toMatchInlineSnapshot(
      `"[sum] expected axes between -2 and 1, not (2), received [2, 3]."`,
    );
    expect(() => x.sum(2)).toThrow(t.ShapeError);
    expect(message(() => t.reverse(x, 2))).toContain("[reverse] expected axes between -2 and 1, not (2)");
    expect(message(() => x.transpose([0, 2]))).toContain("[transpose] expected axes between -2 and 1");
    expect(message(() => x.transpose([0, 0]))).toMatchInlineSnapshot(
      `"[transpose] expected all axes once, not [0, 0], received [2, 3]."`,
    );
    expect(message(() => t.broadcastTo(untyped, [3]))).toMatchInlineSnapshot(
      `"[broadcastTo] expected a shape that broadcasts to [3], received [2, 3]."`,
    );
    expect(message(() => t.matmul(t.zeros([]) as t.Tensor, t.zeros([])))).toContain(
      "[matmul] expected equal",
    );
    expect(message(() => t.matmul(t.zeros([2, 1, 3]) as t.Tensor, t.zeros([5, 3, 1])))).toMatchInlineSnapshot(
      `"[matmul] expected batch axes that broadcast, received [2, 1, 3] and [5, 3, 1]."`,
    );
    expect(message(() => t.slice(x, [0, 1], [2, 3]))).toMatchInlineSnapshot(
      `"[slice] expected room for [2,3] cells from [0,1] by [1,1], received [2, 3]."`,
    );
    for (const [start, size, step] of [
      [
        [1, 0],
        [2, 1],
        [-1, 1],
      ],
      [
        [0, 0],
        [2, 1],
        [0, 1],
      ],
      [
        [0.5, 0],
        [1, 1],
        [1, 1],
      ],
      [
        [0, 0],
        [1.5, 1],
        [1, 1],
      ],
      [
        [0, 0],
        [1, 1, 5],
        [1, 1],
      ],
      [
        [-1, 0],
        [1, 1],
        [1, 1],
      ],
    ] as const)
      expect(() => t.slice(x, start, size, step)).toThrow(/\[slice\] expected (room for|start|size|step) /);
    expect(() => t.broadcastTo(t.zeros([]), [-2])).toThrow(
      "[broadcastTo] expected a shape such as [2, 3] (whole numbers of at least 0), received [-2].",
    );
    expect(() => t.contract(x, x, { leftContracted: [1, 1], rightContracted: [1, 1] })).toThrow(
      "[contract] expected every axis once, received [1, 1].",
    );
    for (const wrong of [{ size: 0 }, { stride: 0 }, { stride: 1.5 }, { dilation: 0 }, { dilation: -1 }])
      expect(() => t.slidingWindow(x, [{ axis: 1, size: 2, stride: 1, dilation: 1, ...wrong }])).toThrow(
        `[slidingWindow] expected a whole number of at least 1 as ${Object.keys(wrong)}`,
      );
    expect(message(() => t.concatenate([x, t.zeros([2, 2])]))).toMatchInlineSnapshot(
      `"[concatenate] expected equal extents on every axis but 0, received [2, 3] and [2, 2]."`,
    );
  });

  it("for values and types", () => {
    expect(message(() => t.tensor([[1, 2], [3]]))).toMatchInlineSnapshot(
      `"[tensor] expected 2 entries in every row at depth 1, received 1 entries. All rows need the same length."`,
    );
    expect(message(() => t.tensor([1, 2, 3], [2]))).toMatchInlineSnapshot(
      `"[tensor] expected 2 values for shape [2], received 3 values."`,
    );
    expect(message(() => t.exp(t.tensor([1], "i32")))).toMatchInlineSnapshot(
      `"[exp] expected dtype f32, received "i32". Convert with cast(x, "f32")."`,
    );
    expect(message(() => x.less(t.tensor([1], "i32")))).toMatchInlineSnapshot(
      `"[less] expected dtype f32 and f32, or i32 and i32, received f32 and i32. Convert with cast(x, "f32")."`,
    );
    expect(message(() => t.assign(x, x))).toMatchInlineSnapshot(
      `"[assign] expected a parameter to write to, received "constant"."`,
    );
    expect(message(() => t.add(x, [1, 2] as unknown as t.Tensor))).toMatchInlineSnapshot(
      `"[add] expected a tensor, received [1, 2]. Wrap data with tensor(...)."`,
    );
    expect(message(() => t.gather(x, t.tensor([2], "i32")).toArray())).toMatchInlineSnapshot(
      `"[gather] expected indices between 0 and 1, received 2."`,
    );
    expect(message(() => t.parameter("w", [1]).toArray())).toMatchInlineSnapshot(
      `"[interpretGraph] expected a value for parameter "w", received "none". Pass it in values."`,
    );
  });
});

describe("trees", () => {
  it("map leaves and list them by path", () => {
    const tree = { dense: { kernel: 1, bias: 2 }, scale: 3 };
    expect(t.mapTree(tree, (leaf: number) => leaf * 2)).toEqual({ dense: { kernel: 2, bias: 4 }, scale: 6 });
    expect(t.treeEntries(tree)).toEqual([
      ["dense/kernel", 1],
      ["dense/bias", 2],
      ["scale", 3],
    ]);
  });
});

it("keeps nothing of a caller's arrays", () => {
  const x = t.tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a table
  const start = [0, 0];
  const first = t.slice(x, start, [1, 3]);
  start[0] = 1;
  expect(t.slice(x, start, [1, 3]).toArray()).toEqual([[4, 5, 6]]);
  expect(first.toArray()).toEqual([[1, 2, 3]]);
  const shape = [2];
  t.filled(shape, 0);
  shape[0] = 5;
  expect(t.filled([2], 0).toArray()).toEqual([0, 0]);
});

it("knows no axes between axes", () => {
  for (const axis of [Number.NaN, 0.5, 2, -3])
    expect(() => t.sum(t.tensor([[1, 2]]), axis)).toThrow("[sum] expected axes between -2 and 1");
});

it("counts truth values, and adds nothing to 0", () => {
  const isSmall = t.less(t.tensor([1, 5, 2]), 3);
  expect([t.sum(isSmall).item(), t.max(isSmall).item(), t.sum(isSmall).dtype]).toEqual([2, 1, "i32"]);
  expect(t.matmul(t.filled([2, 0], 1), t.filled([0, 3], 1)).toArray()).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});
