import type { BufferSpec, Instruction, Kernel, Program } from "@myelin/compiler";
import { parameter } from "@myelin/tensor";
import { expect, test } from "vitest";
import { wasm } from "./device.js";
import { isWasmSupported } from "./support.js";

const counter = parameter("counter", [1]);
const pixels = parameter("pixels", [5], "u8");

/** y = x + counter + pixels; counter = counter + 1; `wide` makes the arena larger. */
function program(wide = 3): Program {
  const buffer = (
    name: string,
    elements: number,
    place: BufferSpec["place"],
    dtype: BufferSpec["dtype"] = "f32",
  ): BufferSpec => ({ name, dtype, shape: [elements], elements, place });
  const load = (from: number, strides: number[], type: "f32" | "i32" = "f32"): Instruction => ({
    op: "load",
    type,
    address: { buffer: from, offset: 0, strides },
  });
  const add = (left: number, right: number): Instruction => ({ op: "add", type: "f32", left, right });
  const kernel = (extent: number, body: Instruction[], to: number): Kernel => ({
    family: "map",
    extents: [extent],
    body,
    stores: [{ address: { buffer: to, offset: 0, strides: [1] }, value: body.length - 1 }],
    origins: [],
  });
  const pixel: Instruction[] = [load(4, [1], "i32"), { op: "cast", type: "f32", input: 3 }, add(2, 4)];
  return {
    name: "count",
    buffers: [
      buffer("x", 3, { kind: "scratch", byteOffset: 0 }),
      buffer("y", 3, { kind: "scratch", byteOffset: 128 }),
      buffer("counter", 1, { kind: "variable", variable: counter }),
      buffer("one", 1, { kind: "constant", data: Float32Array.of(1) }),
      buffer("pixels", 5, { kind: "variable", variable: pixels }, "u8"),
    ],
    kernels: [
      kernel(3, [load(0, [1]), load(2, [0]), add(0, 1), ...pixel], 1),
      kernel(1, [load(2, [1]), load(3, [1]), add(0, 1)], 2),
    ],
    scratchBytes: 256 + 64 * Math.ceil(wide / 16),
    inputs: { x: 0 },
    outputs: { y: 1 },
  };
}

test("WebAssembly is supported where the tests run", () => {
  expect(isWasmSupported()).toBe(true);
});

test("inputs stay, variables change, over the steps of a run", () => {
  const device = wasm.open();
  const executable = device.compile(program());
  executable.write("x", [1, 2, 3]);
  device.write(pixels, Uint8Array.of(10, 20), 1);
  executable.run(3);
  expect(executable.read("y")).toEqual(Float32Array.of(3, 14, 25));
  expect(device.read(counter)).toEqual(Float32Array.of(3));
  expect(device.read(pixels)).toEqual(Uint8Array.of(0, 10, 20, 0, 0));
  executable.run();
  expect(device.read(counter)[0]).toBe(4);
});

test("programs of a device share variables, also when the memory grows in between", () => {
  const device = wasm.open();
  device.write(counter, [10]);
  const small = device.compile(program());
  const large = device.compile(program(1_000_000));
  small.write("x", [1, 2, 3]);
  small.run();
  expect(small.read("y")).toEqual(Float32Array.of(11, 12, 13));
  large.write("x", [1, 1, 1]);
  large.run(2);
  expect(large.read("y")).toEqual(Float32Array.of(13, 13, 13));
  expect(device.read(counter)[0]).toBe(13);
  expect(wasm.open().read(counter)[0]).toBe(0);
});

test("a released variable is zero when it is mentioned again", () => {
  const device = wasm.open();
  device.write(counter, [5]);
  device.release(counter);
  expect(device.read(counter)[0]).toBe(0);
});

test("what is read is a copy", () => {
  const device = wasm.open();
  device.read(counter)[0] = 5;
  expect(device.read(counter)[0]).toBe(0);
});

test("wrong names and too many values are errors", () => {
  const device = wasm.open();
  const executable = device.compile(program());
  expect(() => executable.write("z", [1])).toThrow('[write] expected one of x, received "z".');
  expect(() => executable.read("x")).toThrow('[read] expected one of y, received "x".');
  expect(() => executable.write("x", [1, 2, 3, 4])).toThrow(
    "[write] expected at most 3 elements, received 4.",
  );
  expect(() => device.write(counter, [1], 1)).toThrow("at most 1 elements, received 2");
});

test("small programs are small modules", () => {
  const { bytes } = wasm.open().compile(program());
  expect(WebAssembly.validate(bytes as BufferSource)).toBe(true);
  expect(bytes?.length).toBeLessThan(300);
});
