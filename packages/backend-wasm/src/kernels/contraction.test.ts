import { interpretProgram, type Kernel, type Program } from "@myelin/compiler";
import { uniform } from "@myelin/tensor";
import { expect, test } from "vitest";
import { i32, ModuleBuilder } from "../assembler/index.js";
import { emitContraction } from "./contraction.js";

/** Repeatable choices. */
class Choices {
  private count = 0;
  constructor(private readonly seed: number) {}
  /** An integer from `low` to `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(uniform(this.seed, 7, this.count++) * (high - low + 1));
  }
  chance(probability: number): boolean {
    return uniform(this.seed, 7, this.count++) < probability;
  }
  number(): number {
    return uniform(this.seed, 7, this.count++) * 2 - 1;
  }
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.between(0, i);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}

interface View {
  readonly strides: number[];
  readonly offset: number;
  readonly elements: number;
}

/** Some order of axes in memory, with gaps, some walked backwards; `broadcast` axes have stride 0. */
function view(choices: Choices, extents: readonly number[], used: readonly boolean[], plain: boolean): View {
  const strides = extents.map(() => 0);
  let elements = 1;
  let offset = 0;
  const axes = extents.map((_, axis) => axis).reverse();
  for (const axis of plain ? axes : choices.shuffled(axes)) {
    const extent = extents[axis] as number;
    if (!used[axis]) continue;
    const stride = elements + (choices.chance(0.2) && !plain ? choices.between(1, 3) : 0);
    const backwards = !plain && choices.chance(0.15);
    strides[axis] = backwards ? -stride : stride;
    if (backwards) offset += stride * (extent - 1);
    elements = stride * extent;
  }
  return { strides, offset, elements };
}

interface Case {
  readonly kernel: Kernel;
  readonly elements: readonly number[];
}

/** left x right, with a bias, a mask and the sums stored beside, sometimes. */
function randomCase(choices: Choices): Case {
  const small = () => choices.between(1, 5);
  const size = () => (choices.chance(0.5) ? choices.between(1, 10) : choices.between(1, 40));
  const batches = Array.from({ length: choices.chance(0.25) ? choices.between(1, 2) : 0 }, () => choices.between(1, 3));
  const outer = Array.from({ length: choices.chance(0.3) ? choices.between(1, 2) : 0 }, small);
  const rows = choices.chance(0.9) ? [size()] : [];
  const extents = [...batches, ...outer, ...rows, size()];
  const contracted = [...(choices.chance(0.3) ? [small()] : []), ...(choices.chance(0.1) ? [small()] : []), size()];
  const all = [...extents, ...contracted];
  const column = extents.length - 1;
  const broadcast = () => choices.chance(0.03);
  const split = ({ strides, ...rest }: View, buffer: number) => ({
    ...rest,
    buffer,
    strides: strides.slice(0, extents.length),
    contractedStrides: strides.slice(extents.length),
  });
  const left = split(view(choices, all, all.map((_, axis) => axis !== column && !broadcast()), choices.chance(0.4)), 0);
  const isRow = (axis: number) => axis >= batches.length && axis < column;
  const right = split(view(choices, all, all.map((_, axis) => !isRow(axis) && !broadcast()), choices.chance(0.4)), 1);
  const everywhere = extents.map(() => true);
  const target = { ...view(choices, extents, everywhere, choices.chance(0.7)), buffer: 2 };
  const bias = { ...view(choices, extents, extents.map((_, axis) => axis === column), true), buffer: 3 };
  const mask = { ...view(choices, extents, everywhere, choices.chance(0.7)), buffer: 4 };
  const extra = { ...view(choices, extents, everywhere, choices.chance(0.7)), buffer: 5 };
  const bodies: Pick<Kernel, "body" | "stores">[] = [
    { body: [{ op: "accumulator", type: "f32" }], stores: [{ address: target, value: 0 }] },
    {
      body: [
        { op: "load", type: "f32", address: bias },
        { op: "accumulator", type: "f32" },
        { op: "add", type: "f32", left: 1, right: 0 },
        { op: "constant", type: "f32", value: 0 },
        { op: "compare", type: "bool", comparison: "less", left: 3, right: 2 },
        { op: "select", type: "f32", condition: 4, then: 2, otherwise: 3 },
      ],
      stores: [{ address: target, value: 5 }],
    },
    {
      body: [
        { op: "accumulator", type: "f32" },
        { op: "load", type: "f32", address: mask },
        { op: "constant", type: "f32", value: 0 },
        { op: "compare", type: "bool", comparison: "less", left: 2, right: 1 },
        { op: "select", type: "f32", condition: 3, then: 0, otherwise: 2 },
      ],
      stores: [
        { address: target, value: 4 },
        { address: extra, value: 0 },
      ],
    },
    {
      // In place, and long.
      body: [
        { op: "accumulator", type: "f32" },
        { op: "load", type: "f32", address: target },
        { op: "add", type: "f32", left: 0, right: 1 },
        ...Array.from({ length: 20 }, (_, i) => ({ op: "add", type: "f32", left: i + 2, right: 1 }) as const),
      ],
      stores: [{ address: target, value: 22 }],
    },
  ];
  const { body, stores } = bodies[choices.between(0, bodies.length - 1)] as (typeof bodies)[number];
  return {
    kernel: { family: "contraction", extents, body, stores, contraction: { extents: contracted, left, right }, origins: [] },
    elements: [left, right, target, bias, mask, extra].map(({ elements }) => elements),
  };
}

/** Runs a kernel in WebAssembly, its units cut at `cuts`; gives the buffers, each with what lies around it. */
function runKernel({ kernel, elements }: Case, contents: readonly Float32Array[], cuts: (units: number) => number[]) {
  const module = new ModuleBuilder();
  module.importMemory("host", "memory", { initial: 1 });
  const addresses: number[] = [];
  let next = 64;
  for (const count of elements) {
    addresses.push(next);
    next = Math.ceil((next + count * 4 + 64) / 64) * 64;
  }
  const workspace = module.global("i32", i32.const(next));
  const shared = module.global("i32", i32.const(next));
  const layout = { addresses, types: elements.map(() => "f32" as const) };
  const functions = emitContraction(kernel, { module, layout, fused: false, workspace, shared });
  functions.forEach(({ run }, i) => module.export(`run${i}`, run));
  // Nothing is mapped beyond what was asked for, up to a page.
  const bytes = next + Math.max(...functions.map(({ workspaceBytes = 0, sharedBytes = 0 }) => workspaceBytes + sharedBytes));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
  new Float32Array(memory.buffer).fill(Number.NaN);
  addresses.forEach((address, i) => new Float32Array(memory.buffer, address, elements[i]).set(contents[i] as Float32Array));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { host: { memory } });
  functions.forEach(({ units }, i) => {
    const run = instance.exports[`run${i}`] as (begin: number, end: number) => void;
    let begin = 0;
    for (const end of [...cuts(units), units]) {
      run(begin, end);
      begin = end;
    }
  });
  const around = addresses.map((address, i) => new Float32Array(memory.buffer.slice(address + (elements[i] as number) * 4, addresses[i + 1] ?? next)));
  return { buffers: addresses.map((address, i) => new Float32Array(memory.buffer.slice(address, address + (elements[i] as number) * 4))), around, functions };
}

test("sums have one accumulator and run over k in ascending order, for all layouts, tails, epilogues and cuts", () => {
  for (let seed = 0; seed < 500; seed++) {
    const choices = new Choices(seed);
    const each = randomCase(choices);
    const contents = each.elements.map((count) => Float32Array.from({ length: count }, () => choices.number()));
    const expected = contents.map((content) => content.slice());
    interpretProgram({ kernels: [each.kernel] } as unknown as Program, expected);
    const whole = runKernel(each, contents, () => []);
    const pieces = runKernel(each, contents, (units) => [choices.between(0, units), units].sort((a, b) => a - b));
    const message = `seed ${seed}: ${JSON.stringify(each.kernel.extents)} x ${JSON.stringify(each.kernel.contraction)}`;
    expect(whole.buffers, message).toEqual(expected);
    expect(pieces.buffers, message).toEqual(expected);
    for (const spare of whole.around) expect(spare.every(Number.isNaN), message).toBe(true);
  }
});
