import { parameter } from "@myelin/tensor";
import { expect, test } from "vitest";
import { interpreter } from "./interpreter.js";
import type { BufferSpec, Instruction, Program } from "./program.js";

const counter = parameter("counter", [1]);

/** result = input + counter; counter = counter + 1. */
function program(): Program {
  const buffer = (name: string, elements: number, place: BufferSpec["place"]): BufferSpec => ({
    name,
    dtype: "f32",
    shape: [elements],
    elements,
    place,
  });
  const load = (from: number, stride: number): Instruction => ({
    op: "load",
    type: "f32",
    address: { buffer: from, offset: 0, strides: [stride] },
  });
  const add: Instruction = { op: "add", type: "f32", left: 0, right: 1 };
  const store = (to: number, stride: number) => ({
    address: { buffer: to, offset: 0, strides: [stride] },
    value: 2,
  });
  return {
    name: "count",
    buffers: [
      buffer("x", 3, { kind: "scratch", byteOffset: 0 }),
      buffer("y", 3, { kind: "scratch", byteOffset: 128 }),
      buffer("counter", 1, { kind: "variable", variable: counter }),
      buffer("one", 1, { kind: "constant", data: Float32Array.of(1) }),
      buffer("forgotten", 3, { kind: "scratch", byteOffset: 256 }),
    ],
    kernels: [
      {
        family: "map",
        extents: [3],
        body: [load(0, 1), load(2, 0), add],
        stores: [store(1, 1)],
        origins: [],
      },
      {
        family: "map",
        extents: [1],
        body: [load(2, 1), load(3, 1), add],
        stores: [store(2, 1)],
        origins: [],
      },
    ],
    scratchBytes: 384,
    inputs: { x: 0 },
    outputs: { y: 1, forgotten: 4 },
  };
}

test("inputs stay, variables change, over the steps of a run", () => {
  const device = interpreter.open();
  const executable = device.compile(program());
  executable.write("x", [1, 2, 3]);
  executable.run(3);
  expect(executable.read("y")).toEqual(Float32Array.of(3, 4, 5));
  expect(device.read(counter)).toEqual(Float32Array.of(3));
});

test("variables belong to a device and are shared by its programs", () => {
  const device = interpreter.open();
  device.write(counter, [10]);
  device.compile(program()).run();
  device.compile(program()).run(2);
  expect(device.read(counter)[0]).toBe(13);
  expect(interpreter.open().read(counter)[0]).toBe(0);
  device.release(counter);
  expect(device.read(counter)[0]).toBe(0);
});

test("what is read is a copy", () => {
  const device = interpreter.open();
  device.read(counter)[0] = 5;
  expect(device.read(counter)[0]).toBe(0);
});

test("wrong names and too many values are errors", () => {
  const device = interpreter.open();
  const executable = device.compile(program());
  expect(() => executable.write("z", [1])).toThrow('[write] expected one of x, received "z".');
  expect(() => executable.read("x")).toThrow('[read] expected one of y, forgotten, received "x".');
  expect(() => executable.write("x", [1, 2, 3, 4])).toThrow(
    "[write] expected at most 3 elements, received 4.",
  );
  expect(() => device.write(counter, [1], 1)).toThrow("at most 1 elements, received 2");
});
