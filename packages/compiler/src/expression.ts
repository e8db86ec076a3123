import { type DType, invariant, type Node, sizeOf, type Tensor } from "@myelin/tensor";
import type { Body, Storage } from "./body.js";
import type { Value, ValueType } from "./program.js";
import { valueOfFilled } from "./simplify.js";
import { contiguous, isMovement, moveView, type View } from "./view.js";

/**
 * Movement ops between a node and the kernel that reads it, innermost first. The last one of every path puts the root's
 * axes where the kernel's extents are.
 */
export interface Path {
  readonly move: (view: View) => View;
  readonly next: Path | undefined;
}

/** Thrown when strides cannot express a walk over `node`: it has to be stored, then the lowering starts again. */
export class MustStore extends Error {
  readonly node: Tensor;
  constructor(node: Tensor) {
    super(`a ${node.op} has to be stored before it is reshaped`);
    this.node = node;
  }
}

/** Thrown when kernels were put together that have no common loop nest: `node` needs a kernel of its own. */
export class MustSeparate extends Error {
  readonly node: Tensor;
  constructor(node: Tensor) {
    super(`a ${node.op} needs a kernel of its own`);
    this.node = node;
  }
}

/** What an expression asks of its surroundings. */
export interface Surroundings {
  readonly body: Body;
  /** A value that is computed elsewhere (another kernel, or earlier in this one), or undefined to write it in place. */
  computed(node: Tensor, view: View): Value | undefined;
  /** Where a parameter, input, constant array or stored value lives. */
  storageOf(node: Tensor): Storage | undefined;
}

export function followPath(view: View, path: Path | undefined): View {
  let moved = view;
  for (let step = path; step !== undefined; step = step.next) moved = step.move(moved);
  return moved;
}

export function movementPath(node: Tensor, next: Path | undefined): Path {
  invariant(isMovement(node), `${node.op} is no movement`);
  return {
    move: (view) => {
      const moved = moveView(node, view);
      if (moved === undefined) throw new MustStore(node.inputs[0] as Tensor);
      return moved;
    },
    next,
  };
}

export function valueType(dtype: DType): ValueType {
  return dtype === "u8" ? "i32" : dtype;
}

/** Writes expressions into one kernel body. Values are remembered by node and path, so shared parts are written once. */
export class ExpressionWriter {
  private readonly around: Surroundings;
  private readonly written = new Map<Tensor, Map<Path | undefined, Value>>();
  private readonly movements = new Map<Tensor, Map<Path | undefined, Path>>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** The value of `node` at the kernel's position, reached through `path`. */
  write(node: Tensor, path: Path | undefined): Value {
    const known = this.written.get(node)?.get(path);
    if (known !== undefined) return known;
    const value = this.reference(node, path) ?? this.define(node, path);
    remember(this.written, node, path, value);
    return value;
  }

  /** Like `write`, but looks at the definition of `node` even if it is computed somewhere: for the kernel that does it. */
  define(node: Tensor, path: Path | undefined): Value {
    const { body } = this.around;
    const filled = valueOfFilled(node);
    if (filled !== undefined) return body.constant(filled, valueType(node.dtype));
    if (isMovement(node)) return this.write(node.inputs[0] as Tensor, this.through(node, path));
    const operand = (index: number): Value => this.write(node.inputs[index] as Tensor, path);
    switch (node.op) {
      case "iota":
        return body.index(followPath(alongAxis(node as Node<"iota">), path));
      case "random":
        return this.random(node as Node<"random">, path);
      case "gather":
        return this.gather(node, path);
      case "cast":
        return body.cast(operand(0), node.dtype === "f32" ? "f32" : "i32");
      case "stopGradient":
        return operand(0);
      case "exp":
      case "expm1":
      case "log":
      case "log1p":
      case "sqrt":
      case "tanh":
      case "sigmoid":
      case "erf":
      case "sin":
      case "cos":
      case "floor":
        return body.unary(node.op, operand(0));
      case "add":
        return this.sum(node, path);
      case "multiply": {
        if (valueOfFilled(node.inputs[1] as Tensor) === -1) return body.unary("negate", operand(0));
        return body.binary("multiply", operand(0), operand(1));
      }
      case "divide":
      case "maximum":
      case "minimum":
        return body.binary(node.op, operand(0), operand(1));
      case "compare":
        return body.compare((node as Node<"compare">).attributes.comparison, operand(0), operand(1));
      case "select":
        return isAbsolute(node)
          ? body.unary("absolute", operand(2))
          : body.select(operand(0), operand(1), operand(2));
      case "sum":
      case "reduceMax":
        return this.unrolledReduction(node as Node<"sum">, path);
      default:
        throw new Error(`${node.op} cannot be written inside a kernel; it should have been stored`);
    }
  }

  private reference(node: Tensor, path: Path | undefined): Value | undefined {
    if (valueOfFilled(node) !== undefined) return undefined;
    const isLeaf = node.op === "parameter" || node.op === "input" || node.op === "constant";
    const storage = this.around.storageOf(node);
    if (!isLeaf && storage === undefined) return undefined;
    const view = followPath(contiguous(node.shape), path);
    const value = this.around.computed(node, view);
    if (value !== undefined) return value;
    invariant(storage !== undefined, `${node.op} has no storage`);
    return this.load(storage, view, node.dtype);
  }

  private load(storage: Storage, view: View, dtype: DType): Value {
    const { body } = this.around;
    const loaded = body.load({ storage, view }, dtype === "f32" ? "f32" : "i32");
    return dtype === "bool" ? body.compare("equal", loaded, body.constant(1, "i32")) : loaded;
  }

  private through(node: Tensor, path: Path | undefined): Path {
    const known = this.movements.get(node)?.get(path);
    if (known !== undefined) return known;
    const longer = movementPath(node, path);
    remember(this.movements, node, path, longer);
    return longer;
  }

  /** a + (-1) b is a subtraction. */
  private sum(node: Tensor, path: Path | undefined): Value {
    const [a, b] = node.inputs as [Tensor, Tensor];
    const { body } = this.around;
    const left = this.write(a, path);
    const negated =
      b.op === "multiply" &&
      valueOfFilled(b.inputs[1] as Tensor) === -1 &&
      this.around.storageOf(b) === undefined;
    if (negated) return body.binary("subtract", left, this.write(b.inputs[0] as Tensor, path));
    return body.binary("add", left, this.write(b, path));
  }

  /** Row `indices[..]` of the table: the rest of the table's axes by strides, the row by a loaded number. */
  private gather(node: Tensor, path: Path | undefined): Value {
    const [table, indices] = node.inputs as [Tensor, Tensor];
    const storage = this.around.storageOf(table);
    if (storage === undefined) throw new MustStore(table);
    const rest = table.shape.slice(1);
    const place = contiguous(rest);
    const view = { shape: node.shape, strides: [...indices.shape.map(() => 0), ...place.strides], offset: 0 };
    const repeat = (over: View): View => ({
      ...over,
      shape: node.shape,
      strides: [...over.strides, ...rest.map(() => 0)],
    });
    const row = this.write(indices, { move: repeat, next: path });
    const indirect = { value: row, stride: sizeOf(rest) };
    const loaded = this.around.body.load(
      { storage, view: followPath(view, path), indirect },
      table.dtype === "f32" ? "f32" : "i32",
    );
    return loaded;
  }

  private random(node: Node<"random">, path: Path | undefined): Value {
    const key = (i: number): Value => {
      const pick = (view: View): View => ({
        shape: node.shape,
        strides: node.shape.map(() => 0),
        offset: view.offset + i * (view.strides[0] as number),
      });
      return this.write(node.inputs[0] as Tensor, { move: pick, next: path });
    };
    const element = this.around.body.index(followPath(contiguous(node.shape), path));
    return this.around.body.random(node.attributes.stream, key(0), key(1), key(2), element);
  }

  /** A reduction over few elements, written out: in ascending order, as everywhere. */
  private unrolledReduction(node: Node<"sum"> | Node<"reduceMax">, path: Path | undefined): Value {
    const source = node.inputs[0] as Tensor;
    const { axes } = node.attributes;
    const kept = (_: unknown, axis: number) => !axes.includes(axis);
    let total: Value | undefined;
    for (const cell of cellsOf(axes.map((axis) => source.shape[axis] as number))) {
      const fix = (view: View): View => ({
        shape: node.shape,
        strides: view.strides.filter(kept),
        offset: axes.reduce(
          (sum, axis, i) => sum + (view.strides[axis] as number) * (cell[i] as number),
          view.offset,
        ),
      });
      const value = this.write(source, { move: fix, next: path });
      total =
        total === undefined
          ? value
          : this.around.body.binary(node.op === "sum" ? "add" : "maximum", total, value);
    }
    return total as Value;
  }
}

/** All positions of a small shape, in row-major order. */
function cellsOf(extents: readonly number[]): number[][] {
  return extents.reduce<number[][]>(
    (cells, extent) => cells.flatMap((cell) => Array.from({ length: extent }, (_, i) => [...cell, i])),
    [[]],
  );
}

function alongAxis(node: Node<"iota">): View {
  return {
    shape: node.shape,
    strides: node.shape.map((_, axis) => (axis === node.attributes.axis ? 1 : 0)),
    offset: 0,
  };
}

/** select(x <= 0, select(x == 0, 0, -x), x), as `absolute` of @myelin/tensor writes it. */
function isAbsolute(node: Tensor): boolean {
  const [condition, yes, x] = node.inputs as [Tensor, Tensor, Tensor];
  const [, zero, negated] = yes.inputs;
  return (
    node.dtype === "f32" &&
    yes.op === "select" &&
    isComparedWithZero(condition, "lessOrEqual", x) &&
    isComparedWithZero(yes.inputs[0] as Tensor, "equal", x) &&
    valueOfFilled(zero as Tensor) === 0 &&
    negated?.op === "multiply" &&
    negated.inputs[0] === x &&
    valueOfFilled(negated.inputs[1] as Tensor) === -1
  );
}

function isComparedWithZero(node: Tensor, comparison: string, x: Tensor): boolean {
  return (
    node.op === "compare" &&
    (node as Node<"compare">).attributes.comparison === comparison &&
    node.inputs[0] === x &&
    valueOfFilled(node.inputs[1] as Tensor) === 0
  );
}

function remember<Stored>(
  table: Map<Tensor, Map<Path | undefined, Stored>>,
  node: Tensor,
  path: Path | undefined,
  value: Stored,
): void {
  const paths = table.get(node) ?? new Map<Path | undefined, Stored>();
  paths.set(path, value);
  table.set(node, paths);
}
