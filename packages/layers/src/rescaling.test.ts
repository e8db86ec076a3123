import { input, interpretGraph } from "@myelin/tensor";
import { expect, it } from "vitest";
import { dense, rescaling, sequential } from "./index.js";

it("rescaling takes bytes as they are stored", () => {
  const network = sequential([4], rescaling(1 / 255, -0.5));
  const bytes = input("bytes", [1, 4], "u8");
  const output = network.forward({
    input: bytes,
    parameters: {},
    training: false,
    random: () => bytes,
    update: () => {},
    addPenalty: () => {},
  });
  expect(output.dtype).toBe("f32");
  const values = new Map([[bytes, new Uint8Array([0, 51, 102, 255])]]);
  expect([...(interpretGraph([output], { precision: "f64", values })[0] as Float64Array)]).toEqual(
    [0, 51, 102, 255].map((byte) => byte * (1 / 255) - 0.5),
  );
});

it("layers that need float32 say so", () => {
  const bytes = input("bytes", [1, 4], "u8");
  const kernel = input("kernel", [4, 2]);
  const context = { training: false, random: () => bytes, update: () => {}, addPenalty: () => {} };
  expect(() =>
    dense(2, { useBias: false }).forward({ ...context, input: bytes, parameters: { kernel } }),
  ).toThrow('expected dtype f32 and f32, received u8 and f32. Convert with cast(x, "f32").');
});
