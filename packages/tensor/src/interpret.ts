import { errorFunction } from "./error-function.js";
import { ArgumentError, invariant } from "./errors.js";
import { freeAxes, type Node, type OpName } from "./ops.js";
import { inOrder } from "./order.js";
import { uniform } from "./random.js";
import { type Shape, sizeOf, stridesOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** Flat values in row-major order; `bool` is 0 or 1. */
export type Values = ArrayLike<number>;

export interface InterpretOptions {
  /** f64 is exact (gradient checks); f32 rounds after every operation and defines what compiled programs compute. */
  readonly precision: "f32" | "f64";
  /** Values of parameters and inputs. */
  readonly values?: ReadonlyMap<Tensor, Values>;
}

/**
 * The definition of every op, as plain as possible: walks the graph and computes each tensor once. `assign` yields its
 * value; storing it is the caller's business.
 */
export function interpretGraph(
  outputs: readonly Tensor[],
  { precision, values }: InterpretOptions,
): Float64Array[] {
  const known = new Map<Tensor, Float64Array>();
  const round = precision === "f32" ? Math.fround : (x: number) => x;
  for (const node of inOrder(outputs)) {
    const given = values?.get(node);
    if (given !== undefined) {
      known.set(node, rounded(Float64Array.from(given), node, round));
      continue;
    }
    const compute = definitions[node.op] as Definition<OpName>;
    const operands = node.inputs.map((input) => known.get(input) as Float64Array);
    known.set(node, rounded(compute(node as Node<OpName>, operands, round), node, round));
  }
  return outputs.map((output) => known.get(output) as Float64Array);
}

type Round = (x: number) => number;
type Definition<Name extends OpName> = (
  node: Node<Name>,
  operands: readonly Float64Array[],
  round: Round,
) => Float64Array;

const definitions: { readonly [Name in OpName]: Definition<Name> } = {
  parameter: missing,
  input: missing,
  constant: (node) => Float64Array.from(node.attributes.data),
  iota: (node) => build(node, (index) => index[node.attributes.axis] as number),
  random: (node, [key]) =>
    build(node, (_, flat) => uniform(at(key, 0), node.attributes.stream, flat, at(key, 1), at(key, 2))),

  exp: unary(Math.exp),
  expm1: unary(Math.expm1),
  log: unary(Math.log),
  log1p: unary(Math.log1p),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  erf: unary(errorFunction),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  floor: unary(Math.floor),

  add: binary((a, b) => a + b),
  multiply: binary((a, b) => a * b, Math.imul),
  divide: binary(
    (a, b) => a / b,
    (a, b) => Math.trunc(a / b),
  ),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  compare: (node, [a, b]) => {
    const { comparison } = node.attributes;
    const holds = {
      less: (x: number, y: number) => x < y,
      lessOrEqual: (x: number, y: number) => x <= y,
      equal: (x: number, y: number) => x === y,
    };
    return Float64Array.from(a as Float64Array, (x, i) => (holds[comparison](x, at(b, i)) ? 1 : 0));
  },
  select: (_, [condition, yes, no]) =>
    Float64Array.from(condition as Float64Array, (c, i) => (c !== 0 ? at(yes, i) : at(no, i))),

  sum: (node, operands, round) => reduce(node, operands, 0, (total, x) => round(total + x)),
  reduceMax: (node, operands) => reduce(node, operands, Number.NEGATIVE_INFINITY, Math.max),
  contract: contraction,

  reshape: (_, [x]) => x as Float64Array,
  permute: (node, [x]) =>
    build(
      node,
      pick(node, x, (index, axis) => index[node.attributes.order.indexOf(axis)] as number),
    ),
  expand: (node, [x]) =>
    build(
      node,
      pick(node, x, (index, axis, extent) => (extent === 1 ? 0 : (index[axis] as number))),
    ),
  pad: (node, [x]) => {
    const { low, interior, value } = node.attributes;
    const padded = new Float64Array(sizeOf(node.shape)).fill(value);
    const strides = stridesOf(node.shape);
    everyIndex(shapeOfInput(node), (index, flat) => {
      const target = index.map((i, axis) => (low[axis] as number) + i * ((interior[axis] as number) + 1));
      padded[dot(target, strides)] = at(x, flat);
    });
    return padded;
  },
  slice: (node, [x]) => {
    const { start, step } = node.attributes;
    return build(
      node,
      pick(
        node,
        x,
        (index, axis) => (start[axis] as number) + (index[axis] as number) * (step[axis] as number),
      ),
    );
  },
  reverse: (node, [x]) =>
    build(
      node,
      pick(node, x, (index, axis, extent) =>
        node.attributes.axes.includes(axis) ? extent - 1 - (index[axis] as number) : (index[axis] as number),
      ),
    ),
  window: (node, [x]) =>
    build(
      node,
      pick(node, x, (index, axis) => windowSource(node, index, axis)),
    ),
  unwindow: (node, [x], round) => {
    const result = new Float64Array(sizeOf(node.shape));
    const strides = stridesOf(node.shape);
    everyIndex(shapeOfInput(node), (index, flat) => {
      const target = dot(
        node.shape.map((_, axis) => windowSource(node, index, axis)),
        strides,
      );
      result[target] = round(at(result, target) + at(x, flat));
    });
    return result;
  },
  gather: (node, [table, indices]) => {
    const width = sizeOf(shapeOfInput(node).slice(1));
    return build(node, (_, flat) =>
      at(
        table,
        row(node, at(indices, Math.floor(flat / width)), shapeOfInput(node)[0]) * width + (flat % width),
      ),
    );
  },
  scatterAdd: (node, [indices, rows], round) => {
    const width = sizeOf(node.shape.slice(1));
    const result = new Float64Array(sizeOf(node.shape));
    (rows as Float64Array).forEach((value, flat) => {
      const target = row(node, at(indices, Math.floor(flat / width)), node.shape[0]) * width + (flat % width);
      result[target] = round(at(result, target) + value);
    });
    return result;
  },
  cast: (node, [x]) =>
    node.dtype === "i32" ? Float64Array.from(x as Float64Array, saturated) : (x as Float64Array),
  stopGradient: (_, [x]) => x as Float64Array,
  assign: (_, [, value]) => value as Float64Array,
};

function unary(f: (x: number) => number): Definition<OpName> {
  return (_, [x]) => Float64Array.from(x as Float64Array, f);
}

function binary(f: (a: number, b: number) => number, integer = f): Definition<OpName> {
  return (node, [a, b]) => {
    const combine = node.dtype === "i32" ? (x: number, y: number) => integer(x, y) | 0 : f;
    return Float64Array.from(a as Float64Array, (x, i) => combine(x, at(b, i)));
  };
}

function reduce(
  node: Node<"sum"> | Node<"reduceMax">,
  [x]: readonly Float64Array[],
  start: number,
  combine: (total: number, value: number) => number,
): Float64Array {
  const { axes } = node.attributes;
  const result = new Float64Array(sizeOf(node.shape)).fill(start);
  const strides = stridesOf(node.shape);
  everyIndex(shapeOfInput(node), (index, flat) => {
    const target = dot(
      index.filter((_, axis) => !axes.includes(axis)),
      strides,
    );
    result[target] = combine(at(result, target), at(x, flat));
  });
  return result;
}

/** Sums over the contracted axes in row-major order, from zero, rounding every product and every sum. */
function contraction(
  node: Node<"contract">,
  [left, right]: readonly Float64Array[],
  round: Round,
): Float64Array {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = node.attributes;
  const [a, b] = node.inputs as readonly [Tensor, Tensor];
  const strides = (tensor: Tensor, axes: readonly number[]) =>
    axes.map((axis) => stridesOf(tensor.shape)[axis] as number);
  const leftFree = freeAxes(a.shape.length, leftBatch, leftContracted);
  const rightFree = freeAxes(b.shape.length, rightBatch, rightContracted);
  const leftStrides = [...strides(a, leftBatch), ...strides(a, leftFree), ...rightFree.map(() => 0)];
  const rightStrides = [...strides(b, rightBatch), ...leftFree.map(() => 0), ...strides(b, rightFree)];
  const inner = leftContracted.map((axis) => a.shape[axis] as number);
  const leftInner = strides(a, leftContracted);
  const rightInner = strides(b, rightContracted);
  return build(node, (index) => {
    let total = 0;
    everyIndex(inner, (k) => {
      const product =
        at(left, dot(index, leftStrides) + dot(k, leftInner)) *
        at(right, dot(index, rightStrides) + dot(k, rightInner));
      total = round(total + round(product));
    });
    return total;
  });
}

/** The cell of the un-windowed axis that a position of the windowed result shows. */
function windowSource(
  { attributes, shape, op, inputs }: Node<"window"> | Node<"unwindow">,
  index: readonly number[],
  axis: number,
): number {
  const which = attributes.windows.findIndex((window) => window.axis === axis);
  const window = attributes.windows[which];
  if (window === undefined) return index[axis] as number;
  const rank = op === "window" ? (inputs[0] as Tensor).shape.length : shape.length;
  return (index[axis] as number) * window.stride + (index[rank + which] as number) * window.dilation;
}

/** Reads the first operand at an index that is worked out axis by axis. */
function pick(
  node: Tensor,
  x: Float64Array | undefined,
  source: (index: readonly number[], axis: number, extent: number) => number,
) {
  const shape = shapeOfInput(node);
  const strides = stridesOf(shape);
  return (index: readonly number[]) =>
    at(
      x,
      dot(
        shape.map((extent, axis) => source(index, axis, extent)),
        strides,
      ),
    );
}

function build(node: Tensor, value: (index: readonly number[], flat: number) => number): Float64Array {
  const result = new Float64Array(sizeOf(node.shape));
  everyIndex(node.shape, (index, flat) => {
    result[flat] = value(index, flat);
  });
  return result;
}

/** Visits all positions of a shape in row-major order. The index array is reused. */
export function everyIndex(shape: Shape, visit: (index: readonly number[], flat: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const size = sizeOf(shape);
  for (let flat = 0; flat < size; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
}

function rounded(values: Float64Array, node: Tensor, round: Round): Float64Array {
  return node.dtype === "f32" ? values.map(round) : values;
}

function missing(node: Tensor): never {
  const { name } = (node as Node<"parameter">).attributes;
  throw new ArgumentError(
    "interpretGraph",
    `a value for ${node.op} "${name}"`,
    "none",
    "Pass it in `values`.",
  );
}

function row(node: Tensor, index: number, rows: number | undefined): number {
  if (!(index >= 0 && index < (rows as number)))
    throw new ArgumentError(node.op, `indices between 0 and ${(rows as number) - 1}`, index);
  return index;
}

/** i32.trunc_sat: towards zero, clamped to 32 bits, NaN becomes 0. */
function saturated(x: number): number {
  return Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}

function shapeOfInput(node: Tensor): Shape {
  const last = node.op === "scatterAdd" ? node.inputs[1] : node.inputs[0];
  invariant(last !== undefined, `${node.op} has no operand`);
  return last.shape;
}

function at(values: Float64Array | undefined, i: number): number {
  return values?.[i] as number;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}
