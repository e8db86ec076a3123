import {
  type Address,
  addressMoves,
  dependsOn,
  type Kernel,
  operandsOf,
  type StorageType,
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
import { constantsOf, type Vector } from "../vector-math/index.js";
import type { BodyEmitter, KernelContext, Position } from "./kernel-emitter.js";
import { type LaneAddresses, loadLanes, storeLanes } from "./lane-access.js";
import { nestOf } from "./nest.js";
import { emitOperation } from "./operations.js";

type Pooled = "i32" | "v128";

/** What is known inside a loop (over `axis`) or a scope, and the locals that are used again behind it. */
interface Scope {
  readonly axis?: number | undefined;
  readonly known: Map<string, Local<Pooled>>;
  readonly taken: (() => void)[];
}

/** Constants are set up when the function is entered, or, without `hoistConstants`, where they are used. */
export function bodyEmitter(
  kernel: Kernel,
  { layout, fused }: KernelContext,
  builder: FunctionBuilder,
  hoistConstants = true,
): BodyEmitter {
  const { body, stores } = kernel;
  const depends = dependences(kernel);
  const isKept = keptValues(kernel, depends);
  /** Per value, the extents that it depends on. */
  const axes = body.map((_, value) => [...depends.keys()].filter((axis) => depends[axis]?.[value]));
  const nest = nestOf(builder, kernel.extents);
  const free = { i32: [] as Local<"i32">[], v128: [] as Local<"v128">[] };
  /** Innermost first. */
  const scopes: Scope[] = [{ known: new Map(), taken: [] }];
  let statements: Statements[] = [];

  const emit = (...more: Statements[]): void => {
    statements.push(...more);
  };

  const here = (): Scope => scopes[0] as Scope;

  /** Computes into a local that is used again behind the scope: engines take longer for functions with many locals. */
  const hold = <T extends Pooled>(type: T, value: Expr<T>): Local<T> => {
    const unused = free[type] as Local<Pooled>[] as Local<T>[];
    const local = unused.pop() ?? builder.local(type);
    here().taken.push(() => unused.push(local));
    emit(local.set(value));
    return local;
  };

  const context = {
    ...constantsOf(builder, hoistConstants),
    fused,
    keep: (value: Vector) => hold("v128", value),
    emit,
  };

  const enclosed = (axis: number | undefined, inside: () => void): Statements => {
    const around = statements;
    statements = [];
    scopes.unshift({ axis, known: new Map(), taken: [] });
    inside();
    for (const giveBack of scopes.shift()?.taken ?? []) giveBack();
    const written = statements;
    statements = around;
    return written;
  };

  /** Whether all lanes have the same indices where a value depends on them. */
  const isCommon = (value: Value, [first, ...others]: Position): boolean =>
    (axes[value] as number[]).every((axis) => others.every((lane) => lane[axis] === first?.[axis]));

  /** Names a value at a position, by the indices that it depends on, per lane or once when they are the same in all. */
  const keyOf = (value: Value, position: Position): string => {
    let key = `${value}`;
    for (const lane of isCommon(value, position) ? position.slice(0, 1) : position) {
      key += "@";
      for (const axis of axes[value] as number[]) key += `,${lane[axis]}`;
    }
    return key;
  };

  /** A value from outside of a loop is another one inside if it depends on the loop's index. */
  const lookup = (value: Value, key: string): Local<Pooled> | undefined => {
    for (const { axis, known } of scopes) {
      const local = known.get(key);
      if (local || (axis !== undefined && depends[axis]?.[value])) return local;
    }
    return undefined;
  };

  /** What follows from a value, in a local for as long as the value. */
  const kept = <T extends Pooled>(value: Value, key: string, type: T, compute: () => Expr<T>): Local<T> => {
    const known = lookup(value, key) as Local<T> | undefined;
    if (known) return known;
    const local = hold(type, compute());
    here().known.set(key, local);
    return local;
  };

  const keep = (value: Value, position: Position): Local<"v128"> =>
    kept(value, keyOf(value, position), "v128", () => compute(value, position));

  const valueAt = (value: Value, position: Position): Vector => {
    if (isKept[value]) return keep(value, position);
    return (lookup(value, keyOf(value, position)) as Vector | undefined) ?? compute(value, position);
  };

  const bytesOf = (address: Address): number => (layout.types[address.buffer] === "u8" ? 1 : 4);

  /** Bytes to the row that an address chooses for all lanes alike, if it does. */
  const commonRow = (address: Address, position: Position): Expr<"i32"> | undefined => {
    const { indirect } = address;
    if (!indirect || !isCommon(indirect.value, position)) return undefined;
    const bytes = indirect.stride * bytesOf(address);
    return kept(indirect.value, `${keyOf(indirect.value, position)} x${bytes}`, "i32", () =>
      i32.mul(i32x4.extract_lane(valueAt(indirect.value, position), 0), i32.const(bytes)),
    );
  };

  /** Sums of index x stride: of the loops around in `base`, per lane in `places`. */
  const walked = (start: number, strides: readonly number[], position: Position) => {
    const { base, offset } = nest.pointer(strides);
    const places = position.map((lane) =>
      lane.reduce((sum, index, axis) => sum + index * (strides[axis] as number), start + offset),
    );
    return { base, places };
  };

  const lanes = (address: Address, position: Position): LaneAddresses => {
    const { buffer, offset, strides, indirect } = address;
    const size = bytesOf(address);
    const start = (layout.addresses[buffer] as number) + offset * size;
    const { base, places } = walked(
      start,
      strides.map((stride) => stride * size),
      position,
    );
    const plain = { type: layout.types[buffer] as StorageType, base, bytes: places };
    if (!indirect) return plain;
    const row = commonRow(address, position);
    if (row) return { ...plain, base: i32.add(base, row) };
    const stride = context.integer(indirect.stride * size);
    const rows = context.keep(i32x4.mul(valueAt(indirect.value, position), stride));
    return { ...plain, rows: position.map((_, lane) => i32x4.extract_lane(rows, lane)) };
  };

  const index = (offset: number, strides: readonly number[], position: Position): Vector => {
    const { base, places } = walked(offset, strides, position);
    const vector = context.integer([0, 1, 2, 3].map((lane) => places[lane] ?? (places.at(-1) as number)));
    return strides.every((stride) => stride === 0) ? vector : i32x4.add(i32x4.splat(base), vector);
  };

  /** NaN for what is no constant. */
  const constantOf = (value: Value): number => {
    const instruction = body[value];
    return instruction?.op === "constant" ? instruction.value : Number.NaN;
  };

  const typeOf = (value: Value) => body[value]?.type;

  const compute = (value: Value, position: Position): Vector => {
    const instruction = body[value];
    invariant(instruction !== undefined, `there is no value ${value}`);
    const of = (operand: Value) => valueAt(operand, position);
    switch (instruction.op) {
      case "constant": {
        const { type, value } = instruction;
        if (type === "f32") return context.constant(value);
        return context.integer(type === "bool" && value !== 0 ? -1 : value);
      }
      case "index":
        return index(instruction.offset, instruction.strides, position);
      case "load":
        return loadLanes(lanes(instruction.address, position));
      case "select": {
        const { condition, then, otherwise } = instruction;
        // A bit pattern of zeros is 0 in every type.
        if (Object.is(constantOf(otherwise), 0)) return v128.and(of(then), of(condition));
        if (Object.is(constantOf(then), 0)) return v128.andnot(of(otherwise), of(condition));
        return v128.bitselect(of(then), of(otherwise), of(condition));
      }
      case "maximum":
      case "minimum": {
        const { op, type, left, right } = instruction;
        // With a number as second operand one instruction passes NaN.
        const select = op === "maximum" ? f32x4.pmax : f32x4.pmin;
        if (type === "f32" && !Number.isNaN(constantOf(right))) return select(of(left), of(right));
        if (type === "f32" && !Number.isNaN(constantOf(left))) return select(of(right), of(left));
      }
    }
    const operands = operandsOf(instruction);
    return emitOperation(context, instruction, typeOf(operands[0] as Value), operands.map(of));
  };

  /** Per value, whether everything that it needs exists: results of reductions do not until they are defined. */
  const knowable = (position: Position): boolean[] => {
    const all: boolean[] = [];
    body.forEach((instruction, value) => {
      const isResult = instruction.op === "reduce" || instruction.op === "accumulator";
      all.push(
        isResult
          ? lookup(value, keyOf(value, position)) !== undefined
          : operandsOf(instruction).every((operand) => all[operand]),
      );
    });
    return all;
  };

  return {
    builder,
    keep: context.keep,
    emit,
    finish: () => statements,
    loop: (axis, range, inside) => emit(nest.loop(axis, range, () => enclosed(axis, inside))),
    scope: (inside) => emit(enclosed(undefined, inside)),
    nested: (inside) => enclosed(undefined, inside),
    pointer: nest.pointer,
    value: valueAt,
    define: (value, position, known) => here().known.set(keyOf(value, position), known),

    hoist(axes, position) {
      const isKnowable = knowable(position);
      const varies = (value: Value) => axes.some((axis) => depends[axis]?.[value]);
      const moves = (address: Address) =>
        axes.some((axis) => addressMoves(address, axis, depends[axis] as boolean[]));
      const hoist = (value: Value): void => {
        if (isKnowable[value] && !varies(value) && body[value]?.op !== "constant") keep(value, position);
      };
      const hoistRow = (address: Address): void => {
        const row = address.indirect?.value;
        if (row !== undefined && isKnowable[row] && !varies(row)) commonRow(address, position);
      };
      body.forEach((instruction, value) => {
        if (!varies(value)) return;
        if (instruction.op === "load") hoistRow(instruction.address);
        else operandsOf(instruction).forEach(hoist);
      });
      for (const { address, value } of stores) {
        if (!moves(address)) continue;
        hoistRow(address);
        hoist(value);
      }
    },

    store(stores, position) {
      const ready = stores.map(({ address, value, accumulate }) => {
        const addresses = lanes(address, position);
        const result = valueAt(value, position);
        const add = typeOf(value) === "f32" ? f32x4.add : i32x4.add;
        return {
          addresses,
          vector: context.keep(accumulate ? add(loadLanes(addresses), result) : result),
        };
      });
      for (const { addresses, vector } of ready) emit(storeLanes(addresses, vector));
    },
  };
}

/** Per extent and value, whether the value changes with the index. */
function dependences({ family, extents, body }: Kernel): boolean[][] {
  const reduced = extents.length - (family === "row" ? 1 : 2);
  return extents.map((extent, axis) =>
    extent === 1 ? body.map(() => false) : dependsOn(body, axis, reduced),
  );
}

/** Values with several users, or with a user that needs them at several positions. Constants have their own locals. */
function keptValues({ body, stores }: Kernel, depends: readonly (readonly boolean[])[]): boolean[] {
  const uses = body.flatMap((instruction, user) =>
    operandsOf(instruction).flatMap((operand) => {
      const isRepeated = depends.some((along) => along[user] && !along[operand]);
      return isRepeated ? [operand, operand] : [operand];
    }),
  );
  for (const { value } of stores) uses.push(value);
  return body.map(({ op }, value) => op !== "constant" && uses.indexOf(value) !== uses.lastIndexOf(value));
}
