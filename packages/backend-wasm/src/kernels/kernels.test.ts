import { type Instruction, interpretProgram, type Kernel, printKernel } from "@myelin/compiler";
import { expect, test } from "vitest";
import { compileModule } from "../module.js";
import { randomKernel } from "../testing/random-kernel.js";
import { programOf, runInUnits, runModule } from "../testing/run-module.js";

const SEEDS = Number(process.env.SEEDS ?? 150);

test.for(["map", "row", "column"] as const)(
  "random %s kernels do what the interpreter does",
  { timeout: 60_000 },
  (family) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const { kernel, arrays, rounded } = randomKernel(seed, family);
      const program = programOf([kernel], arrays);
      const expected = arrays.map((array) => array.slice());
      interpretProgram(program, expected);
      const { arrays: got, untouched } = runModule(program, arrays);
      const about = `seed ${seed}\n${printKernel(kernel, 0)}`;
      expect(untouched, about).toBe(true);
      const pieces = runInUnits(program, arrays);
      expect(pieces.untouched, about).toBe(true);
      expect(pieces.arrays, about).toEqual(got);
      got.forEach((array, buffer) => {
        array.forEach((value, element) => {
          const want = expected[buffer]?.[element] as number;
          const tolerance = rounded[buffer] ? 1e-5 * Math.max(1, Math.abs(want)) : 0;
          if (Object.is(value, want) || Math.abs(value - want) <= tolerance) return;
          expect.fail(`b${buffer}[${element}] is ${value}, not ${want}: ${about}`);
        });
      });
    }
  },
);

const load = (buffer: number, strides: number[], offset = 0): Instruction => ({
  op: "load",
  type: "f32",
  address: { buffer, offset, strides },
});

test("a long row that is updated in place keeps its old contents for later passes", () => {
  // x = x + 1; y = x / sum(x): the second pass needs x as it was.
  const body: Instruction[] = [
    load(0, [1]),
    { op: "constant", type: "f32", value: 1 },
    { op: "add", type: "f32", left: 0, right: 1 },
    { op: "reduce", type: "f32", reduction: "sum", input: 0 },
    { op: "divide", type: "f32", left: 0, right: 3 },
  ];
  const stores = [
    { address: { buffer: 0, offset: 0, strides: [1] }, value: 2 },
    { address: { buffer: 1, offset: 0, strides: [1] }, value: 4 },
  ];
  const kernel: Kernel = { family: "row", extents: [64], body, stores, origins: [] };
  const arrays = [new Float32Array(64).fill(1), new Float32Array(64)];
  const [x, y] = runModule(programOf([kernel], arrays), arrays).arrays;
  expect([x?.[63], y?.[63]]).toEqual([2, 1 / 64]);
});

test.for(["f32", "u8"] as const)("long rows that are chosen are copied, whatever their order: %s", (type) => {
  const [rows, columns, table] = [6, 70, 9];
  const chosen: Instruction = {
    op: "load",
    type: "i32",
    address: { buffer: 0, offset: 0, strides: [1, 0] },
  };
  const copied: Instruction = {
    op: "load",
    type: type === "u8" ? "i32" : "f32",
    address: { buffer: 1, offset: 0, strides: [0, 1], indirect: { value: 0, stride: 300 } },
  };
  const cast: Instruction = { op: "cast", type: "f32", input: 1 };
  const body: Instruction[] = type === "u8" ? [chosen, copied, cast] : [chosen, copied];
  const stores = [{ address: { buffer: 2, offset: 0, strides: [columns, 1] }, value: type === "u8" ? 2 : 1 }];
  const kernel: Kernel = { family: "map", extents: [rows, columns], body, stores, origins: [] };
  const numbers = Uint8Array.from({ length: table * 300 }, (_, i) => (i * 37) % 251);
  const order = Int32Array.of(8, 0, 3, 3, 7, 1);
  const arrays = [
    order,
    type === "u8" ? numbers : Float32Array.from(numbers),
    new Float32Array(rows * columns),
  ];
  const program = programOf([kernel], arrays);
  const want = [...order].flatMap((row) => [...numbers.subarray(300 * row, 300 * row + columns)]);
  for (const run of [runModule(program, arrays), runInUnits(program, arrays)]) {
    expect([...(run.arrays[2] as Float32Array)]).toEqual(want);
    expect(run.untouched).toBe(true);
  }
});

test("what is added to memory is cut only where two threads can never meet in one element", () => {
  const adding = (extents: number[], strides: number[], elements: number) => {
    const store = { address: { buffer: 1, offset: 0, strides }, value: 0, accumulate: true };
    const body = [
      load(
        0,
        extents.map((_, axis) => (axis === extents.length - 1 ? 1 : 0)),
      ),
    ];
    const kernel: Kernel = { family: "map", extents, body, stores: [store], origins: [] };
    const program = programOf([kernel], [new Float32Array(64), new Float32Array(elements)]);
    const layout = { addresses: [65536, 131072], types: ["f32", "f32"] as const };
    return compileModule(program, layout).functions[0]?.units;
  };
  // Cells of a window, positions, channels; and the same with one channel, where position 16 and cell 1 of position 15 meet.
  expect(adding([3, 20, 64], [64, 64, 1], 2000)).toBe(4);
  expect(adding([3, 64], [1, 1], 70)).toBe(1);
  expect(adding([3, 64], [1, 2], 140)).toBe(1);
});

/** The sum of each of `rows` rows of numbers whose sum depends on the order. */
function rowSums(rows: number, length: number): number[] {
  const extents = rows === 1 ? [length] : [rows, length];
  const strides = rows === 1 ? [1] : [0, 1];
  const kernel: Kernel = {
    family: "row",
    extents,
    body: [load(0, strides), { op: "reduce", type: "f32", reduction: "sum", input: 0 }],
    stores: [{ address: { buffer: 1, offset: 0, strides: rows === 1 ? [0] : [1, 0] }, value: 1 }],
    origins: [],
  };
  const x = Float32Array.from({ length }, (_, i) => 1 / (1 + ((i * 7919) % 1013)));
  const arrays = [x, new Float32Array(rows)];
  return [...(runModule(programOf([kernel], arrays), arrays).arrays[1] as Float32Array)];
}

test("a row gives the same bits alone and in a batch", () => {
  for (let length = 1; length <= 150; length++) {
    const [alone] = rowSums(1, length);
    expect(rowSums(6, length), `length ${length}`).toEqual(Array(6).fill(alone));
  }
});

test("modules stay small", () => {
  const size = (kernel: Omit<Kernel, "origins">, elements: number) => {
    const arrays = [new Float32Array(elements), new Float32Array(elements)];
    return runModule(programOf([{ ...kernel, origins: [] }], arrays), arrays).bytes.length;
  };
  const store = (strides: number[], value: number) => ({ address: { buffer: 1, offset: 0, strides }, value });
  const momentum: Instruction[] = [
    load(0, [1]),
    { op: "constant", type: "f32", value: 0.9 },
    { op: "multiply", type: "f32", left: 0, right: 1 },
    load(1, [1]),
    { op: "add", type: "f32", left: 2, right: 3 },
  ];
  expect(
    size({ family: "map", extents: [5003], body: momentum, stores: [store([1], 4)] }, 5003),
  ).toBeLessThan(500);
  const softmax = (strides: number[]): Instruction[] => [
    load(0, strides),
    { op: "reduce", type: "f32", reduction: "maximum", input: 0 },
    { op: "subtract", type: "f32", left: 0, right: 1 },
    { op: "exp", type: "f32", input: 2 },
    { op: "reduce", type: "f32", reduction: "sum", input: 3 },
    { op: "divide", type: "f32", left: 3, right: 4 },
  ];
  const rows = (length: number) =>
    size(
      { family: "row", extents: [32, length], body: softmax([length, 1]), stores: [store([length, 1], 5)] },
      32 * length,
    );
  expect(rows(10)).toBeLessThan(4000);
  expect(rows(30)).toBeLessThan(3000);
  expect(rows(1000)).toBeLessThan(3000);
});
