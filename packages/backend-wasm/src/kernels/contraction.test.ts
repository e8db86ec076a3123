import { type Instruction, interpretProgram, type Kernel, type Program } from "@myelin/compiler";
import { uniform } from "@myelin/tensor";
import { expect, test } from "vitest";
import { moduleBuilder } from "../assembler/index.js";
import { contractionEmitter } from "./contraction.js";
import { type ContractionLimits, contractionLimits } from "./contraction-limits.js";

/** Choices that are the same for the same seed. */
class Choices {
  private count = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  between(low: number, high: number): number {
    return low + Math.floor(uniform(this.seed, 7, this.count++) * (high - low + 1));
  }

  chance(probability: number): boolean {
    return uniform(this.seed, 7, this.count++) < probability;
  }
}

interface View {
  readonly strides: number[];
  readonly offset: number;
  readonly elements: number;
}

/** Some order of these axes in memory, with gaps, some walked backwards; the other axes have stride 0. */
function view(choices: Choices, extents: readonly number[], axes: readonly number[]): View {
  const plain = choices.chance(0.6);
  const strides = extents.map(() => 0);
  let elements = 1;
  let offset = 0;
  const left = [...axes];
  while (left.length > 0) {
    // The last axis is the innermost, mostly.
    const [axis] = left.splice(choices.chance(0.6) ? -1 : choices.between(0, left.length - 1), 1) as [number];
    const stride = elements + (plain ? 0 : choices.between(0, 2));
    const backwards = !plain && choices.chance(0.2);
    strides[axis] = backwards ? -stride : stride;
    if (backwards) offset += stride * ((extents[axis] as number) - 1);
    elements = stride * ((extents[axis] as number) - 1) + elements;
  }
  return { strides, offset, elements };
}

interface Case {
  readonly kernel: Kernel;
  /** Per buffer: left, right, target, bias, mask, another target. */
  readonly elements: readonly number[];
}

const f32 = { type: "f32" } as const;
const accumulator: Instruction = { op: "accumulator", ...f32 };

/** Sizes of every axis, and some layout and body for them. */
function caseOf(
  choices: Choices,
  batches: number[],
  rows: number[],
  columns: number,
  contracted: number[],
): Case {
  const extents = [...batches, ...rows, columns];
  const all = [...extents, ...contracted];
  const axes = all.map((_, axis) => axis);
  const kept = (axis: number) => !choices.chance(0.03) && axis < all.length;
  const operand = (buffer: number, own: readonly number[]) => {
    const { strides, ...rest } = view(choices, all, own.filter(kept));
    return {
      ...rest,
      buffer,
      strides: strides.slice(0, extents.length),
      contractedStrides: strides.slice(extents.length),
    };
  };
  const column = extents.length - 1;
  const left = operand(
    0,
    axes.filter((axis) => axis !== column),
  );
  const right = operand(
    1,
    axes.filter((axis) => axis < batches.length || axis >= column),
  );
  const results = extents.map((_, axis) => axis);
  const target = { ...view(choices, extents, results), buffer: 2 };
  const bias = { ...view(choices, extents, [column]), buffer: 3 };
  const mask = { ...view(choices, extents, results), buffer: 4 };
  const another = { ...view(choices, extents, results), buffer: 5 };
  const bodies: Pick<Kernel, "body" | "stores">[] = [
    { body: [accumulator], stores: [{ address: target, value: 0 }] },
    {
      // A bias and a relu.
      body: [
        { op: "load", ...f32, address: bias },
        accumulator,
        { op: "add", ...f32, left: 1, right: 0 },
        { op: "constant", ...f32, value: 0 },
        { op: "maximum", ...f32, left: 2, right: 3 },
      ],
      stores: [{ address: target, value: 4 }],
    },
    {
      // A mask; the sums are stored, too.
      body: [
        accumulator,
        { op: "load", ...f32, address: mask },
        { op: "constant", ...f32, value: 0 },
        { op: "compare", type: "bool", comparison: "less", left: 2, right: 1 },
        { op: "cast", ...f32, input: 3 },
        { op: "multiply", ...f32, left: 0, right: 4 },
      ],
      stores: [
        { address: target, value: 5 },
        { address: another, value: 0 },
      ],
    },
    {
      // Long, and in place.
      body: [
        accumulator,
        { op: "load", ...f32, address: target },
        ...Array.from(
          { length: 20 },
          (_, i): Instruction => ({ op: "add", ...f32, left: i && i + 1, right: 1 }),
        ),
      ],
      stores: [{ address: target, value: 21 }],
    },
  ];
  const { body, stores } = bodies[choices.between(0, bodies.length - 1)] as (typeof bodies)[number];
  const contraction = { extents: contracted, left, right };
  return {
    kernel: { family: "contraction", extents, body, stores, contraction, origins: [] },
    elements: [left, right, target, bias, mask, another].map(({ elements }) => elements),
  };
}

function randomCase(choices: Choices): Case {
  for (;;) {
    const some = (probability: number, most: number, largest: number): number[] =>
      choices.chance(probability)
        ? Array.from({ length: choices.between(1, most) }, () => choices.between(1, largest))
        : [];
    const size = () => choices.between(1, choices.chance(0.5) ? 10 : 40);
    const batches = some(0.25, 2, 3);
    const rows = [...some(0.3, 2, 5), ...(choices.chance(0.9) ? [size()] : [])];
    const contracted = [...some(0.3, 2, 4), size()];
    const columns = size();
    const work = [...batches, ...rows, columns, ...contracted].reduce(
      (product, extent) => product * extent,
      1,
    );
    if (work < 20_000) return caseOf(choices, batches, rows, columns, contracted);
  }
}

interface Run {
  readonly buffers: Float32Array[];
  /** Whether the spare bytes between the buffers are as they were. */
  readonly untouched: boolean;
}

/** Runs a kernel in WebAssembly in a memory full of NaN; `cut` says where each function's units are divided. */
function run(
  { kernel, elements }: Case,
  contents: readonly Float32Array[],
  limits: ContractionLimits,
  cut: (units: number) => number[],
): Run {
  const module = moduleBuilder();
  module.importMemory("host", "memory", { initial: 1 });
  const addresses: number[] = [];
  let end = 64;
  for (const count of elements) {
    addresses.push(end);
    end += Math.ceil((count * 4 + 64) / 64) * 64;
  }
  const workspace = module.importGlobal("host", "workspace", "i32");
  const shared = module.importGlobal("host", "shared", "i32");
  const layout = { addresses, types: elements.map(() => "f32" as const) };
  const functions = contractionEmitter(limits)(kernel, { module, layout, fused: false, workspace, shared });
  functions.forEach(({ run }, i) => {
    module.export(`run${i}`, run);
  });
  const most = (bytes: readonly (number | undefined)[]) =>
    Math.ceil(Math.max(...bytes.map((n = 0) => n)) / 64) * 64;
  const sharedAt = end + most(functions.map(({ workspaceBytes }) => workspaceBytes));
  const total = sharedAt + most(functions.map(({ sharedBytes }) => sharedBytes));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(total / 65536) });
  new Float32Array(memory.buffer).fill(Number.NaN);
  const bufferAt = (i: number) => new Float32Array(memory.buffer, addresses[i], elements[i]);
  contents.forEach((content, i) => {
    bufferAt(i).set(content);
  });
  const global = (value: number) => new WebAssembly.Global({ value: "i32", mutable: true }, value);
  const host = { memory, workspace: global(end), shared: global(sharedAt) };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { host });
  functions.forEach(({ units }, i) => {
    const part = instance.exports[`run${i}`] as (begin: number, end: number) => void;
    const bounds = [0, ...cut(units).sort((a, b) => a - b), units];
    // Later units first: their order does not matter.
    for (let j = bounds.length - 1; j > 0; j--) part(bounds[j - 1] as number, bounds[j] as number);
  });
  const gaps = addresses.map((address, i) => {
    const begin = address + (elements[i] as number) * 4;
    return new Float32Array(memory.buffer.slice(begin, addresses[i + 1] ?? end));
  });
  const behind = new Float32Array(memory.buffer.slice(total));
  return {
    buffers: addresses.map((_, i) => bufferAt(i).slice()),
    untouched: [...gaps, behind].every((gap) => gap.every(Number.isNaN)),
  };
}

const someNumbers = Float32Array.from({ length: 1000 }, (_, i) => uniform(1, 0, i) * 2 - 1);

function numbers(length: number, first: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => someNumbers[(first * 100 + i) % 1000] as number);
}

/** Where a buffer is not what it should be. The sign of a zero is nobody's promise. */
function firstDifference(buffers: readonly Float32Array[], expected: readonly Float32Array[]): unknown {
  for (const [buffer, values] of expected.entries()) {
    const index = values.findIndex((value, i) => value !== buffers[buffer]?.[i]);
    if (index >= 0) return { buffer, index, value: buffers[buffer]?.[index], expected: values[index] };
  }
  return undefined;
}

/** The kernel's results in WebAssembly, its units cut at random, are those of the interpreter, bit for bit. */
function check(choices: Choices, each: Case, limits: ContractionLimits, message: string): void {
  const contents = each.elements.map((length, buffer) => numbers(length, buffer));
  const expected = contents.map((content) => content.slice());
  interpretProgram({ kernels: [each.kernel] } as unknown as Program, expected);
  const cut = (units: number) => [choices.between(0, units), choices.between(0, units)];
  const { buffers, untouched } = run(each, contents, limits, cut);
  expect(firstDifference(buffers, expected), message).toBeUndefined();
  expect(untouched, message).toBe(true);
}

test("sums have one accumulator and run over k in ascending order, for all layouts, tails and bodies", () => {
  for (let seed = 0; seed < 150; seed++) {
    const choices = new Choices(seed);
    check(choices, randomCase(choices), contractionLimits, `seed ${seed}`);
  }
});

test("single rows, alone and in batches", () => {
  for (let seed = 2000; seed < 2100; seed++) {
    const choices = new Choices(seed);
    const batches = choices.chance(0.3) ? [choices.between(1, 3)] : [];
    const columns = choices.between(28, choices.chance(0.2) ? 1100 : 300);
    const each = caseOf(choices, batches, [], columns, [choices.between(28, 90)]);
    check(choices, each, contractionLimits, `seed ${seed}`);
  }
});

/** Limits that make small kernels take the ways of large ones. */
const packing = { ...contractionLimits, nearBytes: 0, rowsWorthPacking: 2, units: 9, unitWork: 1 };
const small: Readonly<Record<string, ContractionLimits>> = {
  packing,
  blocks: { ...packing, mostDepth: 0, blockDepth: 6, waitingBytes: 320 },
  "waiting sums": { ...packing, waitingBytes: 640, waitingColumns: 32, packedBytes: 1500, farBytes: 0 },
  "blocks without packing": {
    ...contractionLimits,
    unitWork: 1,
    mostDepth: 0,
    blockDepth: 6,
    waitingBytes: 320,
  },
  turning: { ...packing, columnsWorthTurning: 2, placesWorthTurning: 0 },
};

test.each(Object.keys(small))("the same with limits for %s", (name) => {
  for (let seed = 1000; seed < 1100; seed++) {
    const choices = new Choices(seed);
    check(choices, randomCase(choices), small[name] as ContractionLimits, `seed ${seed}`);
  }
});

/** x[n, h + 2, w + 2, from], padded, with kernels[3, 3, from, to]; or the gradient of the kernels, which sums over n, h and w. */
function convolution(n: number, h: number, w: number, from: number, to: number, gradient: boolean): Case {
  const row = (w + 2) * from;
  const image = [(h + 2) * row, row, from];
  const window = [row, 1];
  const result = [h * w * to, w * to, to];
  const kernels = [3 * from * to, to];
  const address = { buffer: 2, offset: 0, strides: gradient ? [...kernels, 1] : [...result, 1] };
  const left = { buffer: 0, offset: 0 };
  const right = { buffer: 1, offset: 0 };
  const sizes = [n * (h + 2) * row, 9 * from * to, n * h * w * to] as const;
  return {
    kernel: {
      family: "contraction",
      extents: gradient ? [3, 3 * from, to] : [n, h, w, to],
      body: [accumulator],
      stores: [{ address, value: 0 }],
      contraction: gradient
        ? {
            extents: [n, h, w],
            left: { ...left, strides: [...window, 0], contractedStrides: image },
            right: { ...right, strides: [0, 0, 1], contractedStrides: result },
          }
        : {
            extents: [3, 3 * from],
            left: { ...left, strides: [...image, 0], contractedStrides: window },
            right: { ...right, strides: [0, 0, 0, 1], contractedStrides: kernels },
          },
      origins: [],
    },
    elements: gradient ? [sizes[0], sizes[2], sizes[1]] : sizes,
  };
}

test("convolutions and their weight gradients, which sum over very many pixels", () => {
  const choices = new Choices(1);
  check(choices, convolution(2, 5, 7, 3, 5, false), contractionLimits, "convolution");
  check(choices, convolution(3, 5, 6, 1, 17, false), contractionLimits, "convolution of one channel");
  check(choices, convolution(1, 5, 5, 2, 3, true), contractionLimits, "gradient");
  check(choices, convolution(10, 22, 21, 1, 5, true), contractionLimits, "gradient in blocks");
});

/** Rows m, columns n, k's; `kind` says which operand lies transposed. */
function product(m: number, n: number, k: number, kind: "NN" | "NT" | "TN" = "NN"): Case {
  const left = kind === "TN" ? { row: 1, k: m } : { row: k, k: 1 };
  const right = kind === "NT" ? { column: k, k: 1 } : { column: 1, k: n };
  const contraction = {
    extents: [k],
    left: { buffer: 0, offset: 0, strides: [left.row, 0], contractedStrides: [left.k] },
    right: { buffer: 1, offset: 0, strides: [0, right.column], contractedStrides: [right.k] },
  };
  const stores = [{ address: { buffer: 2, offset: 0, strides: [n, 1] }, value: 0 }];
  const kernel: Kernel = {
    family: "contraction",
    extents: [m, n],
    body: [accumulator],
    stores,
    contraction,
    origins: [],
  };
  return { kernel, elements: [m * k, k * n, m * n] };
}

test("sizes at which another way is taken", () => {
  const choices = new Choices(2);
  const products = [
    product(64, 66, 40, "TN"), // 64 floats a row: not turned
    product(1024, 66, 25, "TN"), // turned
    product(3, 2048, 33), // strides of two pages
    product(50, 512, 20), // strides of half a page
    product(13, 700, 200), // more than the cache holds
    product(2, 5, 9000), // blocks of k's, not packed
    product(17, 21, 5003, "NT"), // a prime number of k's
    product(600, 530, 20), // stored by whole rows
    product(1, 533, 35), // one row, a few k's at a time
  ];
  for (const each of products) check(choices, each, contractionLimits, JSON.stringify(each.elements));
});

test("a row of a batch is equal to that row alone, bit for bit", () => {
  const [m, n, k] = [37, 45, 300];
  const [left, right] = [numbers(m * k, 1), numbers(k * n, 2)];
  const all = run(product(m, n, k), [left, right, new Float32Array(m * n)], contractionLimits, () => []);
  for (const row of [0, 17, 36]) {
    const alone = [left.slice(row * k, (row + 1) * k), right, new Float32Array(n)];
    const one = run(product(1, n, k), alone, contractionLimits, () => []);
    expect(one.buffers[2]).toEqual(all.buffers[2]?.slice(row * n, (row + 1) * n));
  }
});
