import {
  absolute,
  broadcastTo,
  contiguous,
  type DType,
  everyIndex,
  extentsOf,
  type Node,
  obtain,
  reshape,
  sizeOf,
  slice,
  stridesOf,
  type Tensor,
  type View,
  withUnits,
} from "@myelin/tensor";
import { constant, type Write } from "./body.js";
import type { Address, BinaryOperation, BufferId, UnaryOperation, Value, ValueType } from "./program.js";
import { isFilled, negated, valueOfFilled } from "./simplify.js";
import { Unwritable } from "./unwritable.js";
import { isMovement, type MovementName, moveView } from "./view.js";
import type { Walk } from "./walk.js";

/**
 * Where an expression is read: movement ops between it and the kernel turn a view of it into the kernel's walk. Values are
 * remembered by node, so shared parts are written once.
 */
export interface Place {
  readonly walk: (view: View) => Walk;
  readonly values: Map<Tensor, Value>;
  readonly behind: Map<Tensor, Place>;
}

export function placeOf(walk: Place["walk"]): Place {
  return { walk, values: new Map(), behind: new Map() };
}

/** The place of a movement's operand, if the movement's result is read at `place`. */
export function behind(node: Node<MovementName>, place: Place): Place {
  const walk: Place["walk"] = (view) => {
    const moved = moveView(node, view);
    if (!moved) throw new Unwritable(node.inputs[0] as Tensor, "stored");
    return place.walk(moved);
  };
  return obtain(place.behind, node, () => placeOf(walk));
}

function valueType(dtype: DType): ValueType {
  return dtype === "u8" ? "i32" : dtype;
}

/** The same, where `bool` becomes a number. */
export function numberType(dtype: DType): "f32" | "i32" {
  return dtype === "f32" ? dtype : "i32";
}

export interface Expressions {
  /** The value of `node` at a place: loaded if it is in memory, else written out. */
  read(node: Tensor, place: Place): Value;
  /** Writes the definition of `node` even if it is in memory: for the kernel that computes it. */
  define(node: Tensor, place: Place): Value;
  /** Row `indices[..]` of a table of this shape: its other axes by strides, the row by a loaded number. */
  rowAddress(buffer: BufferId, shape: readonly number[], indices: Tensor, place: Place): Address;
}

/** Writes expressions into a body. Loads of `bool` stand for values that may turn out to be computed in the same kernel. */
export function expressionsIn(write: Write, bufferOf: (node: Tensor) => BufferId | undefined): Expressions {
  function read(node: Tensor, place: Place): Value {
    const value = place.values.get(node) ?? load(node, place) ?? define(node, place);
    place.values.set(node, value);
    return value;
  }

  function load(node: Tensor, place: Place): Value | undefined {
    const buffer = isFilled(node) ? undefined : bufferOf(node);
    if (buffer === undefined) return undefined;
    const address = { buffer, ...place.walk(contiguous(node.shape)) };
    return write({ op: "load", type: valueType(node.dtype) as "f32", address });
  }

  function define(node: Tensor, place: Place): Value {
    const [first, second] = node.inputs as [Tensor, Tensor];
    const operand = (index: number): Value => read(node.inputs[index] as Tensor, place);
    const type = valueType(node.dtype) as "f32";
    const filled = valueOfFilled(node);
    if (filled !== undefined) return write(constant(filled, type));
    if (isMovement(node)) return read(first, behind(node, place));
    switch (node.op) {
      case "iota": {
        const { axis } = (node as Node<"iota">).attributes;
        const strides = node.shape.map((_, other) => (other === axis ? 1 : 0));
        return write({ op: "index", type: "i32", ...place.walk({ ...contiguous(node.shape), strides }) });
      }
      case "random": {
        const { stream } = (node as Node<"random">).attributes;
        const key = (i: number) => read(broadcastTo(reshape(slice(first, [i], [1]), []), node.shape), place);
        const element = write({ op: "index", type: "i32", ...place.walk(contiguous(node.shape)) });
        return write({
          op: "random",
          type,
          stream,
          seed: key(0),
          stepLow: key(1),
          stepHigh: key(2),
          element,
        });
      }
      case "gather": {
        const table = bufferOf(first);
        if (table === undefined) throw new Unwritable(first, "stored");
        return write({ op: "load", type, address: rowAddress(table, first.shape, second, place) });
      }
      case "cast":
        return write({ op: "cast", type: numberType(node.dtype), input: operand(0) });
      case "stopGradient":
        return operand(0);
      case "compare": {
        const { comparison } = (node as Node<"compare">).attributes;
        return write({ op: "compare", type: "bool", comparison, left: operand(0), right: operand(1) });
      }
      case "select": {
        if (isAbsolute(node)) return write({ op: "absolute", type, input: operand(2) });
        const [condition, then, otherwise] = [operand(0), operand(1), operand(2)];
        return write({ op: "select", type, condition, then, otherwise });
      }
      case "sum":
      case "reduceMax":
        return unrolled(node as Node<"sum">, place);
    }
    const op = node.op as UnaryOperation | BinaryOperation;
    if (!second) return write({ op: op as UnaryOperation, type, input: operand(0) });
    if (negated(node)) return write({ op: "negate", type, input: operand(0) });
    const left = operand(0);
    // a + (-1) b is a subtraction.
    const subtracted = op === "add" && bufferOf(second) === undefined ? negated(second) : undefined;
    if (subtracted) return write({ op: "subtract", type, left, right: read(subtracted, place) });
    return write({ op: op as BinaryOperation, type, left, right: operand(1) });
  }

  function rowAddress(buffer: BufferId, shape: readonly number[], indices: Tensor, place: Place): Address {
    const row = shape.slice(1);
    const positions = [...indices.shape, ...row];
    const repeated = broadcastTo(reshape(indices, [...indices.shape, ...row.map(() => 1)]), positions);
    const indirect = { value: read(repeated, place), stride: sizeOf(row) };
    const strides = [...indices.shape.map(() => 0), ...stridesOf(row)];
    return { buffer, ...place.walk({ shape: positions, strides, offset: 0 }), indirect };
  }

  /** A reduction over few elements, written out: in ascending order, as everywhere. */
  function unrolled(node: Node<"sum"> | Node<"reduceMax">, place: Place): Value {
    const source = node.inputs[0] as Tensor;
    const { axes } = node.attributes;
    const size = withUnits(source.shape, axes);
    let total: Value | undefined;
    everyIndex(extentsOf(source.shape, axes), (cell) => {
      const start = source.shape.map((_, axis) => cell[axes.indexOf(axis)] ?? 0);
      const right = read(reshape(slice(source, start, size), node.shape), place);
      const op = node.op === "sum" ? "add" : "maximum";
      total =
        total === undefined ? right : write({ op, type: valueType(node.dtype) as "f32", left: total, right });
    });
    return total as Value;
  }

  return { read, define, rowAddress };
}

/** Equal expressions are one object, so the pattern is what `absolute` makes of the same operand. */
function isAbsolute(node: Tensor): boolean {
  const [, inner, x] = node.inputs as [Tensor, Tensor, Tensor];
  return inner.op === "select" && node.dtype === "f32" && node === absolute(x);
}
