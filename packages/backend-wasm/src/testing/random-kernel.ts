import type { Address, Instruction, Kernel, Store, TypedArray, Value, ValueType } from "@myelin/compiler";
import { threefry } from "@myelin/tensor";

/** A kernel, its buffers, and which stored values may be compared only within a tolerance. */
export interface RandomKernel {
  readonly kernel: Kernel;
  readonly arrays: TypedArray[];
  /** Per buffer: computed with sums or functions that are not exactly rounded. */
  readonly rounded: readonly boolean[];
}

/** A source of choices that are the same for the same seed. */
class Choices {
  private count = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return (threefry(this.seed, 1, this.count++, 0)[0] >>> 0) % limit;
  }

  of<T>(...options: readonly T[]): T {
    return options[this.below(options.length)] as T;
  }

  /** True once in `n` times. */
  rarely(n: number): boolean {
    return this.below(n) === 0;
  }
}

const EXTENTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 40, 67, 130];
const SMALL = [1, 2, 3, 4, 5, 8, 9];

/** A kernel with a random body, walks of all kinds, gathers, updates in place; inputs are small whole numbers, so that sums are exact. */
export function randomKernel(seed: number, family: "map" | "row" | "column"): RandomKernel {
  return new Generator(seed, family).generate();
}

class Generator {
  private readonly choose: Choices;
  private readonly family: "map" | "row" | "column";
  private readonly extents: number[];
  private readonly body: Instruction[] = [];
  private readonly stores: Store[] = [];
  private readonly arrays: TypedArray[] = [];
  private readonly roundedBuffers: boolean[] = [];
  /** Per value: whether it is only approximately right, and whether it comes after a reduction. */
  private readonly rounded: boolean[] = [];
  private readonly reduced: boolean[] = [];
  private readonly special: boolean;
  private readonly accumulates: boolean;
  /** Behind the reductions of a column kernel nothing changes along the reduced extent. */
  private atResults = false;

  constructor(seed: number, family: "map" | "row" | "column") {
    this.choose = new Choices(seed);
    this.family = family;
    this.special = this.choose.rarely(4);
    this.accumulates = family === "map" && this.choose.rarely(5);
    const rank = this.choose.of(1, 2, 2, 3) + (family === "column" ? 1 : 0);
    this.extents = Array.from({ length: rank }, () => this.choose.of(...SMALL));
    const long = this.choose.rarely(2) ? rank - 1 : this.choose.below(rank);
    this.extents[long] = this.choose.of(...EXTENTS);
  }

  generate(): RandomKernel {
    const { choose, family } = this;
    const loads = 1 + choose.below(3);
    for (let i = 0; i < loads; i++) this.load("f32");
    if (choose.rarely(3)) this.load("i32");
    if (choose.rarely(3)) this.bytes();
    if (choose.rarely(4)) this.index();
    if (choose.rarely(4)) this.random();
    if (choose.rarely(4)) this.gather();
    if (choose.rarely(3)) this.add({ op: "constant", type: "f32", value: choose.of(0, -1, 2, 0.5) });
    this.grow(1 + choose.below(6));
    if (this.family !== "map") {
      const reductions = 1 + choose.below(3);
      for (let i = 0; i < reductions; i++) {
        this.reduce();
        this.atResults = family === "column";
        this.grow(choose.below(4));
        this.atResults = false;
      }
    }
    if (this.accumulates) this.accumulate();
    else this.store();
    const { extents, body, stores, arrays } = this;
    const kernel: Kernel = { family, extents, body, stores, origins: [] };
    return { kernel, arrays, rounded: this.roundedBuffers };
  }

  private add(instruction: Instruction, rounded = false): Value {
    const inherited = operands(instruction).some((operand) => this.rounded[operand]);
    const reduced = operands(instruction).some((operand) => this.reduced[operand]);
    this.body.push(instruction);
    this.rounded.push(rounded || inherited);
    this.reduced.push(instruction.op === "reduce" || reduced);
    return this.body.length - 1;
  }

  /** A value of a type; untouched by rounding and by reductions where that is asked for. */
  private pick(type: ValueType, { exact = false, element = false } = {}): Value | undefined {
    const fitting = this.body.flatMap((instruction, value) =>
      instruction.type === type &&
      !(exact && this.rounded[value]) &&
      !(element && this.reduced[value]) &&
      !(this.atResults && this.varies(value, this.extents.length - 2))
        ? [value]
        : [],
    );
    // The last ones more often: deeper bodies.
    return fitting.length === 0
      ? undefined
      : fitting[Math.max(this.choose.below(fitting.length), this.choose.below(fitting.length))];
  }

  private buffer(array: TypedArray): number {
    this.arrays.push(array);
    this.roundedBuffers.push(false);
    return this.arrays.length - 1;
  }

  private number(): number {
    if (this.special && this.choose.rarely(6)) return this.choose.of(Number.NaN, Infinity, -Infinity, -0);
    return this.choose.below(5) - 2;
  }

  private floats(length: number): Float32Array {
    return Float32Array.from({ length }, () => this.number());
  }

  /** Strides that reach every position of its own, in some order of extents, with gaps and backwards. */
  private walk(extents: readonly number[]): { offset: number; strides: number[]; elements: number } {
    const { choose } = this;
    const order = extents.map((_, axis) => axis);
    if (choose.rarely(4)) order.reverse();
    const strides = extents.map(() => 0);
    let stride = choose.rarely(5) ? 2 : 1;
    let offset = choose.rarely(4) ? choose.below(7) : 0;
    const first = offset;
    for (const axis of [...order].reverse()) {
      const extent = extents[axis] as number;
      const backwards = choose.rarely(6);
      strides[axis] = backwards ? -stride : stride;
      if (backwards) offset += stride * (extent - 1);
      stride *= extent + (choose.rarely(6) ? 1 : 0);
    }
    return { offset, strides, elements: first + stride };
  }

  /** The same with extents that are not walked. */
  private readWalk(): { offset: number; strides: number[]; elements: number } {
    const { offset, strides, elements } = this.walk(this.extents);
    if (this.choose.rarely(2)) return { offset, strides, elements };
    // Forwards only: the offset of a backward walk counts on all of its positions.
    const kept = strides.map((stride) => (stride > 0 && this.choose.rarely(2) ? 0 : stride));
    return { offset, strides: kept, elements };
  }

  private load(type: "f32" | "i32"): Value {
    const { offset, strides, elements } = this.readWalk();
    const array =
      type === "f32" ? this.floats(elements) : Int32Array.from({ length: elements }, () => this.integer());
    return this.add({ op: "load", type, address: { buffer: this.buffer(array), offset, strides } });
  }

  private integer(): number {
    return this.choose.rarely(8)
      ? this.choose.of(2 ** 31 - 1, -(2 ** 31), 123456789)
      : this.choose.below(9) - 4;
  }

  private bytes(): void {
    const { offset, strides, elements } = this.readWalk();
    const buffer = this.buffer(Uint8Array.from({ length: elements }, () => this.choose.below(256)));
    this.add({ op: "load", type: "i32", address: { buffer, offset, strides } });
  }

  private index(): void {
    const strides = this.extents.map(() => this.choose.of(0, 1, -1, 3));
    this.add({ op: "index", type: "i32", offset: this.choose.below(10), strides });
  }

  private random(): void {
    const words = this.buffer(Int32Array.of(this.choose.below(1000), 7, 1));
    const strides = this.extents.map(() => 0);
    const [seed, stepLow, stepHigh] = [0, 1, 2].map((offset) =>
      this.add({ op: "load", type: "i32", address: { buffer: words, offset, strides } }),
    ) as [Value, Value, Value];
    const element = this.add({
      op: "index",
      type: "i32",
      offset: 0,
      strides: this.extents.map((_, axis) => 1 + axis),
    });
    this.add({ op: "random", type: "f32", stream: 99, seed, stepLow, stepHigh, element }, true);
  }

  /** Rows chosen by an index that is the same along some extents, or another one for each element. */
  private gather(): void {
    const rows = 3;
    const { value, width, strides, offset } = this.row(rows);
    const array = this.floats(rows * width);
    const address = { buffer: this.buffer(array), offset, strides, indirect: { value, stride: width } };
    this.add({ op: "load", type: "f32", address });
  }

  private row(rows: number): { value: Value; width: number; strides: number[]; offset: number } {
    const { offset, strides, elements } = this.readWalk();
    const inner = this.walk(this.extents);
    const indices = Int32Array.from({ length: elements }, () => this.choose.below(rows));
    const value = this.add({
      op: "load",
      type: "i32",
      address: { buffer: this.buffer(indices), offset, strides },
    });
    return { value, width: inner.elements, strides: inner.strides, offset: inner.offset };
  }

  private grow(count: number): void {
    for (let i = 0; i < count; i++) this.extend();
  }

  private extend(): void {
    const { choose } = this;
    const element = this.family === "column" && !this.atResults;
    const a = this.pick("f32", { element });
    const b = this.pick("f32", { element });
    if (a === undefined || b === undefined) return;
    switch (choose.below(9)) {
      case 0:
      case 1:
      case 2: {
        const op = choose.of("add", "subtract", "multiply", "maximum", "minimum");
        this.add({ op, type: "f32", left: a, right: b });
        break;
      }
      case 3:
        this.add({ op: choose.of("negate", "absolute"), type: "f32", input: a });
        break;
      case 4: {
        const left = this.pick("f32", { exact: true, element });
        const right = this.pick("f32", { exact: true, element });
        if (left === undefined || right === undefined) return;
        const comparison = choose.of("less", "lessOrEqual", "equal");
        const condition = this.add({ op: "compare", type: "bool", comparison, left, right });
        // biome-ignore lint/suspicious/noThenProperty: a field of the instruction, no promise
        this.add({ op: "select", type: "f32", condition, then: a, otherwise: b });
        if (choose.rarely(2)) this.add({ op: "cast", type: choose.of("f32", "i32"), input: condition });
        break;
      }
      case 5: {
        const integer = this.pick("i32", { element });
        const other = this.pick("i32", { element });
        if (integer === undefined || other === undefined) return;
        const op = choose.of("add", "subtract", "multiply", "divide", "maximum", "minimum");
        const result = this.add({ op, type: "i32", left: integer, right: other });
        const condition = this.add({
          op: "compare",
          type: "bool",
          comparison: "less",
          left: result,
          right: other,
        });
        // biome-ignore lint/suspicious/noThenProperty: a field of the instruction, no promise
        this.add({ op: "select", type: "i32", condition, then: integer, otherwise: result });
        break;
      }
      case 6: {
        const exact = this.pick("f32", { exact: true, element });
        if (exact === undefined) return;
        const floor = this.add({ op: "floor", type: "f32", input: exact });
        this.add({ op: "cast", type: "i32", input: floor });
        break;
      }
      case 7: {
        // Large magnitudes would make an error of the function visible: sums of these stay small.
        const op = choose.of("tanh", "sigmoid", "erfc");
        this.add({ op, type: "f32", input: a }, true);
        break;
      }
      default: {
        const exact = this.pick("f32", { exact: true, element });
        if (exact === undefined) return;
        const near = this.add({ op: "absolute", type: "f32", input: exact });
        const op = choose.of("sqrt", "log1p");
        this.add({ op, type: "f32", input: near }, true);
      }
    }
  }

  private reduce(): void {
    const reduction = this.choose.of("sum", "maximum");
    const element = this.family === "column";
    const type = this.choose.rarely(4) && this.pick("i32", { element }) !== undefined ? "i32" : "f32";
    const input = this.pick(type, { element }) as Value;
    this.add({ op: "reduce", type, reduction, input }, type === "f32" && reduction === "sum");
  }

  private store(): void {
    const { choose, extents, family } = this;
    const axis = family === "row" ? extents.length - 1 : family === "column" ? extents.length - 2 : -1;
    const count = 1 + choose.below(3);
    for (let i = 0; i < count; i++) {
      const type = choose.rarely(4) && this.pick("i32") !== undefined ? "i32" : "f32";
      const value = this.pick(type) as Value;
      const once =
        axis >= 0 && (family === "column" ? this.reduced[value] === true : !this.varies(value, axis));
      const loaded = once ? undefined : this.loadedInFull(type);
      if (loaded !== undefined && choose.rarely(2)) {
        this.roundedBuffers[loaded.buffer] = this.rounded[value] as boolean;
        this.stores.push({ address: loaded, value });
        continue;
      }
      const { offset, strides, elements } = this.walk(
        extents.map((extent, other) => (once && other === axis ? 1 : extent)),
      );
      if (once) strides[axis] = 0;
      const array = type === "f32" ? this.floats(elements) : new Int32Array(elements);
      const address: Address = { buffer: this.buffer(array), offset, strides };
      this.roundedBuffers[address.buffer] = this.rounded[value] as boolean;
      this.stores.push({
        address,
        value: this.inPlace(value, address, type, once === true && family === "column"),
      });
    }
  }

  /** An address that a load reads every element of once, and that nothing is stored to yet. */
  private loadedInFull(type: "f32" | "i32"): Address | undefined {
    const { body, stores } = this;
    const stored = (buffer: number) => stores.some(({ address }) => address.buffer === buffer);
    const loads = body.flatMap((instruction) => (instruction.op === "load" ? [instruction.address] : []));
    return loads.find(
      ({ buffer, strides, indirect }) =>
        indirect === undefined &&
        !stored(buffer) &&
        loads.filter((other) => other.buffer === buffer).length === 1 &&
        strides.every((stride) => stride !== 0) &&
        (type === "f32" ? Float32Array : Int32Array) === this.arrays[buffer]?.constructor,
    );
  }

  /** Sometimes adds what is in memory already. */
  private inPlace(value: Value, address: Address, type: "f32" | "i32", reduced: boolean): Value {
    if (!this.choose.rarely(3)) return value;
    const old = this.add({ op: "load", type, address });
    const sum = this.add({ op: "add", type, left: old, right: value });
    this.reduced[sum] = reduced || this.reduced[sum] === true;
    return sum;
  }

  private accumulate(): void {
    const value = this.pick("f32", { exact: true }) ?? this.load("f32");
    const rows = 2;
    const last = this.extents.length - 1;
    const elements = rows * (this.extents[last] as number);
    const strides = this.extents.map((_, axis) => (axis === last ? 1 : 0));
    const index = { ...this.readWalk() };
    // The row may not change along the last extent.
    index.strides[last] = 0;
    const indices = Int32Array.from({ length: index.elements }, () => this.choose.below(rows));
    const row = this.add({
      op: "load",
      type: "i32",
      address: { buffer: this.buffer(indices), offset: index.offset, strides: index.strides },
    });
    const buffer = this.buffer(this.floats(elements));
    this.roundedBuffers[buffer] = true;
    const address = {
      buffer,
      offset: 0,
      strides,
      indirect: { value: row, stride: this.extents[last] as number },
    };
    this.stores.push({ address, value, accumulate: true });
  }

  private varies(value: Value, axis: number): boolean {
    const instruction = this.body[value] as Instruction;
    if (instruction.op === "reduce") return false;
    if (instruction.op === "index" && instruction.strides[axis] !== 0) return true;
    if (instruction.op === "load" && instruction.address.strides[axis] !== 0) return true;
    return operands(instruction).some((operand) => this.varies(operand, axis));
  }
}

function operands(instruction: Instruction): Value[] {
  const named = instruction as unknown as Readonly<Record<string, unknown>>;
  const names = [
    "input",
    "left",
    "right",
    "condition",
    "then",
    "otherwise",
    "seed",
    "stepLow",
    "stepHigh",
    "element",
  ];
  const values = names.flatMap((name) => (typeof named[name] === "number" ? [named[name]] : []));
  if (instruction.op === "load" && instruction.address.indirect)
    values.push(instruction.address.indirect.value);
  return values;
}
