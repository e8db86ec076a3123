import { describe, expect, it } from "vitest";
import * as t from "./index.js";

/** Compares `gradient` with central differences in f64, under a random cotangent. */
function check(build: (...xs: t.Tensor[]) => t.Tensor, ...shapes: number[][]): void {
  const xs = shapes.map((shape, i) => t.parameter(`x${i}`, shape));
  const values = new Map(
    xs.map((x, i) => [x, Float64Array.from({ length: t.sizeOf(x.shape) }, (_, k) => t.normal(7, i, k))]),
  );
  const y = build(...xs);
  const cotangent = t.tensor(
    Array.from({ length: t.sizeOf(y.shape) }, (_, k) => t.normal(8, 1, k)),
    y.shape,
  );
  const loss = t.sum(t.multiply(y, cotangent));
  const gradients = xs.map((x) => t.gradient(loss, x));
  const analytic = t.interpretGraph(gradients, { precision: "f64", values });
  xs.forEach((x, i) => {
    expect((gradients[i] as t.Tensor).shape).toEqual(x.shape);
    const value = values.get(x) as Float64Array;
    value.forEach((original, k) => {
      const at = (delta: number) => {
        value[k] = original + delta;
        const [result] = t.interpretGraph([loss], { precision: "f64", values });
        value[k] = original;
        return result?.[0] as number;
      };
      const numeric = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(analytic[i]?.[k]).toBeCloseTo(numeric, 6);
    });
  });
}

describe("gradient agrees with central differences", () => {
  const window = { stride: 2, dilation: 1 };
  const cases: Record<string, () => void> = {
    exp: () => check(t.exp, [2, 3]),
    expm1: () => check(t.expm1, [2, 3]),
    log: () => check((x) => t.log(t.add(t.square(x), 0.5)), [4]),
    log1p: () => check((x) => t.log1p(t.square(x)), [4]),
    sqrt: () => check((x) => t.sqrt(t.add(t.square(x), 0.5)), [4]),
    tanh: () => check(t.tanh, [4]),
    sigmoid: () => check(t.sigmoid, [4]),
    erfc: () => check(t.erfc, [4]),
    "sin and cos": () => check((x) => t.multiply(t.sin(x), t.cos(x)), [4]),
    "add with broadcasting": () => check((a, b) => t.add(a, b), [2, 3], [3]),
    "subtract a column": () => check((a, b) => t.subtract(a, b), [2, 3], [2, 1]),
    "multiply by itself": () => check((a) => t.multiply(a, t.multiply(a, a)), [3]),
    divide: () => check((a, b) => t.divide(a, t.add(t.square(b), 1)), [2, 3], [3]),
    "maximum and minimum": () => check((a, b) => t.maximum(t.minimum(a, 0.5), b), [6], [6]),
    select: () => check((a, b) => t.select(t.less(a, b), t.exp(a), b), [6], [6]),
    absolute: () => check(t.absolute, [5]),
    softplus: () => check(t.softplus, [5]),
    erf: () => check(t.erf, [5]),
    "sum of the middle axis": () => check((x) => t.sum(x, 1), [2, 3, 2]),
    "mean, axis kept": () => check((x) => t.mean(x, [0, 2], { keepDims: true }), [2, 3, 2]),
    "max over two axes": () => check((x) => t.max(x, [0, 2]), [2, 3, 2]),
    min: () => check((x) => t.min(x, -1), [2, 3]),
    softmax: () => check((x) => t.softmax(x), [2, 4]),
    logSoftmax: () => check((x) => t.logSoftmax(x), [2, 4]),
    logSumExp: () => check((x) => t.logSumExp(x, 0), [2, 4]),
    matmul: () => check((a, b) => t.matmul(a, b), [3, 4], [4, 2]),
    "matmul of vectors": () => check((a, b) => t.matmul(a, b), [4], [4]),
    "matmul of a vector and a batch": () => check((a, b) => t.matmul(a, b), [4], [2, 4, 3]),
    "batched matmul that broadcasts": () => check((a, b) => t.matmul(a, b), [2, 1, 3, 4], [5, 4, 2]),
    "contract over two axes in mixed order": () =>
      check(
        (a, b) => t.contract(a, b, { leftContracted: [2, 0], rightContracted: [0, 2] }),
        [2, 3, 4],
        [4, 5, 2],
      ),
    "contract with a batch axis in the middle": () =>
      check(
        (a, b) =>
          t.contract(a, b, { leftBatch: [1], rightBatch: [2], leftContracted: [0], rightContracted: [0] }),
        [2, 3, 4],
        [2, 5, 3],
      ),
    reshape: () => check((x) => t.multiply(t.reshape(x, [3, 2]), t.reshape(x, [3, -1])), [2, 3]),
    transpose: () => check((x) => t.exp(t.transpose(x, [2, 0, 1])), [2, 3, 2]),
    broadcastTo: () => check((x) => t.broadcastTo(x, [4, 2, 3]), [2, 1]),
    "pad with interior": () => check((x) => t.pad(x, [1, 0], [0, 2], { interior: [2, 1] }), [2, 3]),
    "slice with steps": () => check((x) => t.slice(x, [1, 0], [2, 2], [2, 3]), [5, 5]),
    reverse: () => check((x) => t.reverse(x, [0, 1]), [2, 3]),
    concatenate: () => check((a, b) => t.concatenate([a, b, a], 1), [2, 3], [2, 1]),
    window: () =>
      check(
        (x) =>
          t.slidingWindow(x, [
            { axis: 0, size: 3, ...window },
            { axis: 1, size: 2, stride: 1, dilation: 2 },
          ]),
        [7, 5, 2],
      ),
    "maximum over a window": () =>
      check((x) => t.max(t.slidingWindow(x, [{ axis: 0, size: 3, ...window }]), -1), [7, 2]),
    gather: () => check((x) => t.gather(x, t.tensor([2, 0, 2], "i32")), [4, 2]),
    scatterAdd: () => check((x) => t.scatterAdd(t.tensor([2, 0, 2], "i32"), x, 4), [3, 2]),
    "of a gradient": () => {
      check((x) => t.gradient(t.sum(t.multiply(t.tanh(x), t.exp(x))), x), [4]);
    },
  };
  for (const [name, run] of Object.entries(cases)) it(name, run);
});

describe("gradient", () => {
  it("gives zeros for a tensor that the loss does not depend on", () => {
    const x = t.parameter("x", [2]);
    const y = t.parameter("y", [3]);
    const result = t.gradient(t.sum(x), { x, y });
    expect(t.interpretGraph([result.y], { precision: "f64" })).toEqual([new Float64Array(3)]);
  });

  it("refuses a loss that is not a scalar", () => {
    const x = t.parameter("x", [2]);
    expect(() => t.gradient(x, x)).toThrow("[gradient] expected a scalar loss");
  });

  it("sends the gradient of ties to the first maximum, in row-major order", () => {
    const x = t.parameter("x", [2, 2]);
    const values = new Map([[x, [1, 3, 3, 3]]]);
    const g = t.gradient(t.sum(t.max(x, [0, 1])), x);
    expect([...(t.interpretGraph([g], { precision: "f64", values })[0] as Float64Array)]).toEqual([
      0, 1, 0, 0,
    ]);
  });

  it("has the derivative 1/2 for softplus at 0, and 0 for the absolute value", () => {
    const x = t.parameter("x", [1]);
    const at0 = (y: t.Tensor) =>
      t.interpretGraph([t.gradient(t.sum(y), x)], { precision: "f64", values: new Map([[x, [0]]]) })[0]?.[0];
    expect(at0(t.softplus(x))).toBe(0.5);
    expect(at0(t.absolute(x))).toBeCloseTo(0);
  });

  it("stops at stopGradient and flows through several uses", () => {
    const x = t.parameter("x", []);
    const g = t.gradient(t.add(t.multiply(x, x), t.multiply(t.stopGradient(x), x)), x);
    expect(t.interpretGraph([g], { precision: "f64", values: new Map([[x, [3]]]) })[0]?.[0]).toBe(9);
  });
});

it("leaves no tiny numbers in the gradient of logSoftmax: powers below e^-30 do not count, logarithms stay", () => {
  const x = t.parameter("x", [1, 4]);
  const logits = [0, -20, -31, -90];
  const values = new Map([[x as t.Tensor, logits]]);
  const logs = t.logSoftmax(x);
  // The last class is the right one.
  const loss = t.negate(t.sum(t.multiply(logs, t.tensor([[0, 0, 0, 1]]))));
  const [forward, dx] = t.interpretGraph([logs, t.gradient(loss, { x }).x], { precision: "f32", values });
  expect(forward?.[3]).toBeCloseTo(-90, 5);
  expect(dx?.[1]).toBeCloseTo(Math.exp(-20), 12);
  expect([dx?.[2], dx?.[3]]).toEqual([0, -1]);
});
