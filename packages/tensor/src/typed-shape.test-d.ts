import { describe, expectTypeOf, it } from "vitest";
import { add, matmul, parameter, type Tensor, tensor } from "./index.js";

describe("literal shapes", () => {
  const a = parameter("a", [2, 3]);
  const b = parameter("b", [3, 4]);
  const wrong = parameter("wrong", [5, 4]);

  it("flow through matmul", () => {
    expectTypeOf(a.matmul(b)).toEqualTypeOf<Tensor<readonly [2, 4]>>();
    expectTypeOf(matmul(a, b)).toEqualTypeOf<Tensor<readonly [2, 4]>>();
    expectTypeOf(parameter("batch", [7, 2, 3]).matmul(b)).toEqualTypeOf<Tensor<readonly [7, 2, 4]>>();
    expectTypeOf(parameter("v", [3]).matmul(b)).toEqualTypeOf<Tensor<readonly [4]>>();
  });

  it("that do not fit do not compile", () => {
    // @ts-expect-error the inner extents 3 and 5 differ
    a.matmul(wrong);
    // @ts-expect-error the inner extents 3 and 5 differ
    matmul(a, wrong);
    // @ts-expect-error 3 against 4
    a.add(parameter("c", [2, 4]));
    // @ts-expect-error 3 against 2
    add(a, parameter("d", [2]));
  });

  it("broadcast", () => {
    expectTypeOf(a.add(parameter("row", [3]))).toEqualTypeOf<Tensor<readonly [2, 3]>>();
    expectTypeOf(a.multiply(parameter("column", [2, 1]))).toEqualTypeOf<Tensor<readonly [2, 3]>>();
    expectTypeOf(a.add(1)).toEqualTypeOf<Tensor<readonly [2, 3]>>();
    expectTypeOf(parameter("s", []).add(a)).toEqualTypeOf<Tensor<readonly [2, 3]>>();
  });

  it("let plain numbers through", () => {
    const rows: number = 2;
    const loose = parameter("loose", [rows, 3]);
    expectTypeOf(loose.matmul(b)).toEqualTypeOf<Tensor<readonly [number, 4]>>();
    const unranked: Tensor = a;
    unranked.matmul(wrong);
    unranked.add(wrong);
    expectTypeOf(tensor([1, 2, 3])).toEqualTypeOf<Tensor<readonly [number]>>();
  });

  it("reshape, with one extent left open", () => {
    expectTypeOf(a.reshape([3, 2])).toEqualTypeOf<Tensor<readonly [3, 2]>>();
    expectTypeOf(a.reshape([3, -1])).toEqualTypeOf<Tensor<readonly [3, number]>>();
  });

  it("shape nested arrays", () => {
    expectTypeOf(a.toArray()).toEqualTypeOf<number[][]>();
    expectTypeOf(tensor(1).toArray()).toEqualTypeOf<number>();
  });
});
