import {
  type Address,
  type BufferId,
  type Instruction,
  type Kernel,
  operandsOf,
  type StorageType,
  type Store,
  type Value,
} from "@myelin/compiler";
import { invariant } from "@myelin/tensor";
import {
  type Expr,
  type FunctionBuilder,
  f32x4,
  i32,
  i32x4,
  type Local,
  type Statements,
  v128,
} from "../assembler/index.js";
import { type VectorContext, vectorContext } from "../vector-math/index.js";
import type { BodyEmitter, KernelContext, LoopRange, Pointer, Position } from "./kernel-emitter.js";
import { type LaneAddresses, loadLanes, storeLanes } from "./lane-access.js";
import { LocalPool } from "./local-pool.js";
import { Nest } from "./nest.js";
import {
  cast,
  compare,
  divideIntegers,
  floatBinary,
  floatUnary,
  integerBinary,
  integerUnary,
  maximum,
  minimum,
} from "./operations.js";
import { emitUniform } from "./random.js";

type Vector = Expr<"v128">;

/** Values that exist in locals, and the extent whose loop they belong to (-1 for none). */
interface Scope {
  readonly axis: number;
  readonly known: Map<string, Local<"i32"> | Local<"v128">>;
}

export interface BodyOptions {
  /** Constants are set up when the function is entered (default), or where they are used. */
  readonly hoistConstants?: boolean;
}

export function bodyEmitter(
  kernel: Kernel,
  context: KernelContext,
  builder: FunctionBuilder,
  options: BodyOptions = {},
): BodyEmitter {
  return new Body(kernel, context, builder, options);
}

class Body implements BodyEmitter {
  readonly builder: FunctionBuilder;
  private readonly kernel: Kernel;
  private readonly layout: KernelContext["layout"];
  private readonly nest: Nest;
  private readonly pool: LocalPool;
  private readonly vectors: VectorContext;
  /** Per value, the extents that it depends on. */
  private readonly axes: readonly (readonly boolean[])[];
  /** Per value, whether it may be asked for again, and is kept. */
  private readonly kept: readonly boolean[];
  private readonly scopes: Scope[] = [{ axis: -1, known: new Map() }];
  private statements: Statements[] = [];

  constructor(
    kernel: Kernel,
    { layout, fused }: KernelContext,
    builder: FunctionBuilder,
    { hoistConstants = true }: BodyOptions,
  ) {
    this.kernel = kernel;
    this.layout = layout;
    this.builder = builder;
    this.nest = new Nest(builder, kernel.extents);
    this.pool = new LocalPool(builder);
    this.vectors = {
      ...vectorContext(builder, { fused, hoist: hoistConstants }),
      local: () => this.pool.take("v128"),
    };
    this.axes = dependences(kernel);
    this.kept = keptValues(kernel, this.axes);
  }

  local(): Local<"v128"> {
    return this.pool.take("v128");
  }

  emit(...statements: Statements[]): void {
    this.statements.push(...statements);
  }

  finish(): Statements {
    return this.statements;
  }

  loop(axis: number, range: LoopRange, inside: () => void): void {
    this.emit(this.nest.loop(axis, range, () => this.enclosed(axis, inside)));
  }

  scope(inside: () => void): void {
    this.emit(this.nested(inside));
  }

  nested(inside: () => void): Statements {
    return this.enclosed(-1, inside);
  }

  hoist(axes: readonly number[], position: Position): void {
    const varies = (value: Value) => axes.some((axis) => this.axes[value]?.[axis]);
    const knowable = this.knowable(position);
    const hoist = (value: Value) => {
      if (knowable[value] && !varies(value) && this.kernel.body[value]?.op !== "constant")
        this.keep(value, position);
    };
    const hoistAddress = ({ buffer, strides, indirect }: Address): boolean => {
      if (indirect !== undefined && varies(indirect.value)) return true;
      const moves = axes.some((axis) => strides[axis] !== 0);
      if (
        moves &&
        indirect !== undefined &&
        knowable[indirect.value] &&
        this.isUniform(indirect.value, position)
      )
        this.rowOffset(indirect.value, indirect.stride * this.sizeOf(buffer), position);
      return moves;
    };
    this.kernel.body.forEach((instruction, value) => {
      if (!varies(value)) return;
      if (instruction.op === "load") hoistAddress(instruction.address);
      else for (const operand of operandsOf(instruction)) hoist(operand);
    });
    for (const { address, value } of this.kernel.stores) if (hoistAddress(address)) hoist(value);
  }

  pointer(bytesPerIndex: readonly number[]): Pointer {
    return this.nest.pointer(bytesPerIndex);
  }

  value(value: Value, position: Position): Vector {
    const known = this.lookup(this.key(value, position), value);
    if (known !== undefined) return known.get() as Vector;
    const instruction = this.kernel.body[value] as Instruction;
    if (this.kept[value]) return this.keep(value, position).get();
    return this.compute(instruction, position);
  }

  define(value: Value, position: Position, known: Local<"v128">): void {
    this.remember(this.key(value, position), known);
  }

  store(stores: readonly Store[], position: Position): void {
    const ready = stores.map(({ address, value, accumulate }) => {
      const addresses = this.lanes(address, position);
      const result = this.value(value, position);
      const added = () =>
        this.kernel.body[value]?.type === "f32"
          ? f32x4.add(loadLanes(addresses), result)
          : i32x4.add(loadLanes(addresses), result);
      return { addresses, vector: this.inLocal(accumulate ? added() : result).get() };
    });
    for (const { addresses, vector } of ready) this.emit(storeLanes(addresses, vector));
  }

  /** The value at a position, in a local. */
  private keep(value: Value, position: Position): Local<"v128"> {
    const key = this.key(value, position);
    const known = this.lookup(key, value);
    if (known !== undefined) return known as Local<"v128">;
    const local = this.inLocal(this.compute(this.kernel.body[value] as Instruction, position));
    this.remember(key, local);
    return local;
  }

  private inLocal(vector: Vector): Local<"v128"> {
    const local = this.pool.take("v128");
    this.emit(local.set(vector));
    return local;
  }

  private compute(instruction: Instruction, position: Position): Vector {
    const { vectors } = this;
    const of = (operand: Value) => this.value(operand, position);
    switch (instruction.op) {
      case "constant":
        if (instruction.type === "f32") return vectors.constant(instruction.value);
        return vectors.integer(
          instruction.type === "bool" && instruction.value !== 0 ? -1 : instruction.value,
        );
      case "index":
        return this.index(instruction.offset, instruction.strides, position);
      case "load":
        return loadLanes(this.lanes(instruction.address, position));
      case "add":
      case "subtract":
      case "multiply":
      case "divide":
      case "maximum":
      case "minimum":
        return this.binary(instruction, position);
      case "compare": {
        const { comparison, left, right } = instruction;
        return compare(comparison, this.kernel.body[left]?.type ?? "f32", of(left), of(right));
      }
      case "select": {
        const { condition, then, otherwise } = instruction;
        // A bit pattern of zeros is 0 in every type.
        if (this.isZero(otherwise)) return v128.and(of(then), of(condition));
        if (this.isZero(then)) return v128.andnot(of(otherwise), of(condition));
        return v128.bitselect(of(then), of(otherwise), of(condition));
      }
      case "cast":
        return cast(
          vectors,
          this.kernel.body[instruction.input]?.type ?? "f32",
          instruction.type,
          of(instruction.input),
        );
      case "random": {
        const seed = this.inLocal(of(instruction.seed));
        const { statements, uniform } = emitUniform(vectors, {
          stream: instruction.stream,
          seed,
          stepLow: of(instruction.stepLow),
          stepHigh: of(instruction.stepHigh),
          element: of(instruction.element),
        });
        this.emit(statements);
        return uniform;
      }
      case "reduce":
      case "accumulator":
        throw new Error(
          `Myelin is broken here, please report it: the result of ${instruction.op} is not known yet`,
        );
      default: {
        const operation = (instruction.type === "f32" ? floatUnary : integerUnary)[instruction.op];
        invariant(operation !== undefined, `${instruction.op} does not exist for ${instruction.type}`);
        return operation(vectors, of(instruction.input));
      }
    }
  }

  private binary(
    instruction: Extract<Instruction, { readonly left: Value; readonly op: string }>,
    position: Position,
  ): Vector {
    const { op, type, left, right } = instruction;
    invariant(op !== "compare", "a comparison has no result to compute with");
    const [a, b] = [this.value(left, position), this.value(right, position)];
    if (type === "i32") {
      if (op !== "divide") return integerBinary[op](a, b);
      const { statements, quotient } = divideIntegers(this.vectors, this.inLocal(a), this.inLocal(b));
      this.emit(statements);
      return quotient;
    }
    if (op !== "maximum" && op !== "minimum") return floatBinary[op](a, b);
    // With a number as second operand one instruction passes NaN.
    const quick = op === "maximum" ? f32x4.pmax : f32x4.pmin;
    if (this.isNumber(right)) return quick(a, b);
    if (this.isNumber(left)) return quick(b, a);
    return (op === "maximum" ? maximum : minimum)(a, this.inLocal(b));
  }

  private index(offset: number, strides: readonly number[], position: Position): Vector {
    const pointer = this.nest.pointer(strides);
    const lanes = position.map((indices) => offset + pointer.offset + dot(indices, strides));
    const constants = [0, 1, 2, 3].map((lane) => lanes[Math.min(lane, lanes.length - 1)] as number);
    const same = constants.every((constant) => constant === constants[0]);
    const vector = this.vectors.integer(same ? (constants[0] as number) : constants);
    return strides.every((stride) => stride === 0) ? vector : i32x4.add(i32x4.splat(pointer.base), vector);
  }

  private lanes({ buffer, offset, strides, indirect }: Address, position: Position): LaneAddresses {
    const type = this.layout.types[buffer] as StorageType;
    const size = this.sizeOf(buffer);
    const scaled = strides.map((stride) => stride * size);
    const pointer = this.nest.pointer(scaled);
    const start = (this.layout.addresses[buffer] as number) + offset * size + pointer.offset;
    const bytes = position.map((indices) => start + dot(indices, scaled));
    if (indirect === undefined) return { type, base: pointer.base, bytes };
    const row = indirect.stride * size;
    if (this.isUniform(indirect.value, position)) {
      return { type, base: i32.add(pointer.base, this.rowOffset(indirect.value, row, position)), bytes };
    }
    const rows = this.inLocal(i32x4.mul(this.value(indirect.value, position), this.vectors.integer(row)));
    return {
      type,
      base: pointer.base,
      bytes,
      rows: bytes.map((_, lane) => i32x4.extract_lane(rows.get(), lane)),
    };
  }

  /** Bytes to the row that a value chooses for all lanes; kept for as long as the value. */
  private rowOffset(value: Value, bytes: number, position: Position): Expr<"i32"> {
    const key = `${this.key(value, position)} x${bytes}`;
    const known = this.lookup(key, value);
    if (known !== undefined) return known.get() as Expr<"i32">;
    const local = this.pool.take("i32");
    this.emit(local.set(i32.mul(i32x4.extract_lane(this.value(value, position), 0), i32.const(bytes))));
    this.remember(key, local);
    return local.get();
  }

  private sizeOf(buffer: BufferId): number {
    return this.layout.types[buffer] === "u8" ? 1 : 4;
  }

  private isZero(value: Value): boolean {
    const instruction = this.kernel.body[value] as Instruction;
    return instruction.op === "constant" && Object.is(instruction.value, 0);
  }

  private isNumber(value: Value): boolean {
    const instruction = this.kernel.body[value] as Instruction;
    return instruction.op === "constant" && !Number.isNaN(instruction.value);
  }

  /** Whether a value is the same in all lanes. */
  private isUniform(value: Value, position: Position): boolean {
    const [first, ...others] = position as [readonly number[], ...(readonly number[])[]];
    return first.every(
      (index, axis) => !this.axes[value]?.[axis] || others.every((lane) => lane[axis] === index),
    );
  }

  /** Per value, whether everything that it needs exists: results of reductions do not until they are defined. */
  private knowable(position: Position): boolean[] {
    const all: boolean[] = [];
    this.kernel.body.forEach((instruction, value) => {
      const isResult = instruction.op === "reduce" || instruction.op === "accumulator";
      all.push(
        isResult
          ? this.lookup(this.key(value, position), value) !== undefined
          : operandsOf(instruction).every((operand) => all[operand]),
      );
    });
    return all;
  }

  /** Names a value at a position by the indices that it depends on. */
  private key(value: Value, position: Position): string {
    const lanes = this.isUniform(value, position) ? position.slice(0, 1) : position;
    const axes = this.axes[value] as readonly boolean[];
    return `${value}@${lanes.map((indices) => indices.filter((_, axis) => axes[axis]).join()).join(";")}`;
  }

  /** A value from outside of a loop is another one inside if it depends on the loop's index. */
  private lookup(key: string, value: Value): Local<"i32"> | Local<"v128"> | undefined {
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const { axis, known } = this.scopes[depth] as Scope;
      const local = known.get(key);
      if (local !== undefined) return local;
      if (axis >= 0 && this.axes[value]?.[axis]) return undefined;
    }
    return undefined;
  }

  private remember(key: string, local: Local<"i32"> | Local<"v128">): void {
    this.scopes.at(-1)?.known.set(key, local);
  }

  private enclosed(axis: number, inside: () => void): Statements {
    const around = this.statements;
    const taken = this.pool.mark();
    this.statements = [];
    this.scopes.push({ axis, known: new Map() });
    inside();
    this.scopes.pop();
    this.pool.release(taken);
    const written = this.statements;
    this.statements = around;
    return written;
  }
}

/** Per value and extent, whether the value changes with the index. A reduction does not with that of the reduced extent. */
function dependences({ family, extents, body }: Kernel): boolean[][] {
  const reduced = family === "row" ? extents.length - 1 : extents.length - 2;
  const all: boolean[][] = [];
  for (const instruction of body) {
    const own = (axis: number) => {
      if (instruction.op === "accumulator") return true;
      if (instruction.op === "index") return instruction.strides[axis] !== 0;
      return instruction.op === "load" && instruction.address.strides[axis] !== 0;
    };
    all.push(
      extents.map((extent, axis) => {
        if (extent === 1 || (instruction.op === "reduce" && axis === reduced)) return false;
        return own(axis) || operandsOf(instruction).some((operand) => all[operand]?.[axis]);
      }),
    );
  }
  return all;
}

/** Values with several users, or with a user that needs them at several positions. Constants have their own locals. */
function keptValues({ body, stores }: Kernel, axes: readonly (readonly boolean[])[]): boolean[] {
  const users = body.map(() => 0);
  const use = (value: Value, by: number) => {
    users[value] = (users[value] as number) + by;
  };
  body.forEach((instruction, user) => {
    for (const operand of operandsOf(instruction)) {
      const varies = axes[user]?.some((depends, axis) => depends && !axes[operand]?.[axis]);
      use(operand, varies ? 2 : 1);
    }
  });
  for (const { value } of stores) use(value, 1);
  return body.map((instruction, value) => instruction.op !== "constant" && (users[value] as number) > 1);
}

function dot(indices: readonly number[], strides: readonly number[]): number {
  return indices.reduce((sum, index, axis) => sum + index * (strides[axis] as number), 0);
}
