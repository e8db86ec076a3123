import { ArgumentError } from "./errors.js";
import { freeAxes, type Node, type OpAttributes, type OpName, type Window } from "./ops.js";
import { inOrder } from "./order.js";
import { uniform } from "./random.js";
import { type Scalars, saturated, scalars } from "./scalars.js";
import { type DType, extentsOf, type Shape, sizeOf, stridesOf } from "./shape.js";
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
  const valuesOf = (tensor: Tensor) => known.get(tensor) as Float64Array;
  const rounds: { readonly [Type in DType]?: Round } = {
    f32: precision === "f32" ? Math.fround : asItIs,
    i32: (x) => x | 0,
  };
  for (const node of inOrder(outputs)) {
    const round = rounds[node.dtype] ?? asItIs;
    const given = values?.get(node);
    const define = (definitions as Partial<Record<OpName, Definition<OpName>>>)[node.op] ?? elementWise;
    const computed = given
      ? Float64Array.from(given)
      : define(node as Node<OpName>, node.inputs.map(valuesOf) as unknown as Operands, round);
    known.set(node, computed.map(round));
  }
  return outputs.map(valuesOf);
}

/** What the dtype of a node makes of a number: the nearest f32, an i32 that wraps. */
type Round = (x: number) => number;
/** As many as the op has. */
type Operands = readonly [Float64Array, Float64Array, Float64Array];
type Definition<Name extends OpName> = (node: Node<Name>, operands: Operands, round: Round) => Float64Array;
type Index = readonly number[];

const asItIs: Round = (x) => x;
const first = (_: Tensor, [x]: Operands): Float64Array => x;

/** All ops but those that mean something for single numbers. */
const definitions: {
  readonly [Name in Exclude<OpName, keyof Scalars | "compare">]: Definition<Name>;
} = {
  parameter: missing,
  input: missing,
  constant: ({ attributes }) => Float64Array.from(attributes.data),
  iota: ({ shape, attributes }) => build(shape, (index) => index[attributes.axis] as number),
  random: ({ shape, attributes }, [[seed, low, high]]) =>
    build(shape, (_, flat) => uniform(seed as number, attributes.stream, flat, low, high)),

  sum: (node, operands, round) => reduce(node, operands, (total, x) => round(total + x)),
  reduceMax: (node, operands) =>
    reduce(node, operands, (most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY),
  /** Sums over the contracted axes in row-major order, from zero, rounding every product and every sum. */
  contract: ({ shape, attributes, inputs }, [left, right], round) => {
    const { leftBatch, rightBatch, leftContracted, rightContracted } = attributes;
    const [a, b] = inputs.map((input) => input.shape) as [Shape, Shape];
    const rows = freeAxes(a.length, leftBatch, leftContracted);
    const columns = freeAxes(b.length, rightBatch, rightContracted);
    const inner = extentsOf(a, leftContracted);
    // The loops go over the result, then over the contracted axes; an operand has no axis, and stride 0, for some.
    const stay = () => -1;
    const leftAxes = [...leftBatch, ...rows, ...columns.map(stay), ...leftContracted];
    const rightAxes = [...rightBatch, ...rows.map(stay), ...columns, ...rightContracted];
    const leftStrides = leftAxes.map((axis) => stridesOf(a)[axis] ?? 0);
    const rightStrides = rightAxes.map((axis) => stridesOf(b)[axis] ?? 0);
    const result = new Float64Array(sizeOf(shape));
    everyIndex([...shape, ...inner], (index, flat) => {
      const product = at(left, dot(index, leftStrides)) * at(right, dot(index, rightStrides));
      const cell = Math.floor(flat / sizeOf(inner));
      result[cell] = round(at(result, cell) + round(product));
    });
    return result;
  },

  reshape: first,
  permute: (node, operands) => {
    const { order } = node.attributes;
    return read(node, operands, (index) => order.map((_, axis) => at(index, order.indexOf(axis))));
  },
  expand: (node, operands) => {
    const { shape } = node.inputs[0] as Tensor;
    return read(node, operands, (index) => index.map((i, axis) => (shape[axis] === 1 ? 0 : i)));
  },
  pad: (node, operands) => {
    const { low, interior, value } = node.attributes;
    const target = (index: Index) => index.map((i, axis) => at(low, axis) + i * (at(interior, axis) + 1));
    return write(node, operands, target, (_, x) => x, value);
  },
  slice: (node, operands) => {
    const { start, step } = node.attributes;
    return read(node, operands, (index) => index.map((i, axis) => at(start, axis) + i * at(step, axis)));
  },
  reverse: (node, operands) => {
    const { shape, attributes } = node;
    return read(node, operands, (index) =>
      index.map((i, axis) => (attributes.axes.includes(axis) ? at(shape, axis) - 1 - i : i)),
    );
  },
  window: (node, operands) => read(node, operands, (index) => cellOf(node.attributes.windows, index)),
  unwindow: (node, operands, round) =>
    write(
      node,
      operands,
      (index) => cellOf(node.attributes.windows, index),
      (total, x) => round(total + x),
    ),
  gather: (node, [table, indices]) => {
    const place = placeInTable(node, (node.inputs[0] as Tensor).shape, indices);
    return build(node.shape, (_, flat) => at(table, place(flat)));
  },
  scatterAdd: (node, [indices, rows], round) => {
    const place = placeInTable(node, node.shape, indices);
    const result = new Float64Array(sizeOf(node.shape));
    rows.forEach((x, flat) => {
      result[place(flat)] = round(at(result, place(flat)) + x);
    });
    return result;
  },
  cast: ({ dtype }, [x]) => (dtype === "i32" ? x.map(saturated) : x),
  stopGradient: first,
  assign: (_, [, value]) => value,
};

function missing({ op, attributes }: Node<"parameter"> | Node<"input">): never {
  const expected = `a value for ${op} "${attributes.name}"`;
  throw new ArgumentError("interpretGraph", expected, "none", "Pass it in `values`.");
}

function elementWise({ op, attributes, dtype }: Tensor, [a, b, c]: Operands): Float64Array {
  const name = op === "compare" ? (attributes as OpAttributes["compare"]).comparison : op;
  const meaning: (...numbers: number[]) => number =
    dtype === "i32" && op === "multiply" ? Math.imul : scalars[name as keyof Scalars];
  return a.map((x, i) => meaning(x, b?.[i] as number, c?.[i] as number));
}

function reduce(
  node: Node<"sum"> | Node<"reduceMax">,
  operands: Operands,
  combine: Combine,
  start?: number,
): Float64Array {
  const { axes } = node.attributes;
  return write(node, operands, (index) => index.filter((_, axis) => !axes.includes(axis)), combine, start);
}

/** The cell of the operand of `window` that a position of its result shows. */
function cellOf(windows: readonly Window[], index: Index): Index {
  const cell = index.slice(0, -windows.length);
  windows.forEach(({ axis, stride, dilation }, i) => {
    cell[axis] = at(cell, axis) * stride + at(index, cell.length + i) * dilation;
  });
  return cell;
}

/** Where the elements of chosen rows lie in the table that they are read from or added to. */
function placeInTable({ op }: Tensor, table: Shape, indices: Values): (flat: number) => number {
  const rows = at(table, 0);
  const width = sizeOf(table.slice(1));
  return (flat) => {
    const index = at(indices, Math.floor(flat / width));
    if (!(index >= 0 && index < rows))
      throw new ArgumentError(op, `indices between 0 and ${rows - 1}`, index);
    return index * width + (flat % width);
  };
}

/** Every cell of the result from one of the operand. */
function read(node: Tensor, [x]: Operands, source: (index: Index) => Index): Float64Array {
  const strides = stridesOf((node.inputs[0] as Tensor).shape);
  return build(node.shape, (index) => at(x, dot(source(index), strides)));
}

type Combine = (sofar: number, x: number) => number;

/** Every cell of the operand into one of the result. */
function write(
  node: Tensor,
  [x]: Operands,
  target: (index: Index) => Index,
  combine: Combine,
  start = 0,
): Float64Array {
  const strides = stridesOf(node.shape);
  const result = new Float64Array(sizeOf(node.shape)).fill(start);
  everyIndex((node.inputs[0] as Tensor).shape, (index, flat) => {
    const cell = dot(target(index), strides);
    result[cell] = combine(at(result, cell), at(x, flat));
  });
  return result;
}

function build(shape: Shape, value: (index: Index, flat: number) => number): Float64Array {
  const result = new Float64Array(sizeOf(shape));
  everyIndex(shape, (index, flat) => {
    result[flat] = value(index, flat);
  });
  return result;
}

/** Visits all positions of a shape in row-major order. The index array is reused. */
export function everyIndex(shape: Shape, visit: (index: Index, flat: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const size = sizeOf(shape);
  for (let flat = 0; flat < size; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = at(index, axis) + 1;
      if (at(index, axis) < at(shape, axis)) break;
      index[axis] = 0;
    }
  }
}

function at(values: Values, i: number): number {
  return values[i] as number;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, x, i) => total + x * at(b, i), 0);
}
