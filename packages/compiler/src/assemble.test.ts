import { add, multiply, parameter, tensor } from "@myelin/tensor";
import { expect, test } from "vitest";
import { compile } from "./compile.js";

test("programs with the same constant share what memory holds of it", () => {
  for (const constant of [tensor([1, 2, 3]), tensor(Float32Array.of(1, 2, 3), [3])]) {
    const x = parameter("x", [3]);
    const [first, second] = [add(x, constant), multiply(x, constant)].map((y) => {
      const { buffers } = compile({ name: "step", outputs: { y }, assignments: [] });
      return buffers.flatMap(({ place }) => (place.kind === "constant" ? place.data : []))[0];
    });
    expect(first).toEqual(Float32Array.of(1, 2, 3));
    expect(second).toBe(first);
  }
});
