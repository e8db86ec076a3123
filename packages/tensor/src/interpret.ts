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
  readonly values?: ReadonlyMap<Tensor, Values> | undefined;
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
  const rounds: Partial<Record<DType, Round>> = { i32: (x) => x | 0 };
  if (precision === "f32") rounds.f32 = Math.fround;
  for (const node of inOrder(outputs)) {
    const round = rounds[node.dtype] ?? ((x) => x);
    const given = values?.get(node);
    const operands = node.inputs.map(valuesOf) as unknown as Operands;
    const computed = given ? Float64Array.from(given) : compute(node as Node<OpName>, operands, round);
    known.set(node, computed.map(round));
  }
  return outputs.map(valuesOf);
}

/** What the dtype of a node makes of a number: the nearest f32, an i32 that wraps. */
type Round = (x: number) => number;
/** As many as the op has. */
type Operands = readonly [Float64Array, Float64Array, Float64Array];
type Index = readonly number[];

/** Every op is in one of four tables: `scalars`, `reads`, `writes`, `others`. */
function compute(node: Node<OpName>, operands: Operands, round: Round): Float64Array {
  const { op, attributes, shape } = node;
  const [x, y, z] = operands;
  const other = (others as Partial<Record<OpName, Other<OpName>>>)[op];
  if (other) return other(node, operands, round);

  const source = (node.inputs[0] as Tensor).shape;
  const from = (reads as Partial<Record<OpName, Read<OpName>>>)[op];
  if (from) {
    const strides = stridesOf(source);
    return build(shape, (index) => at(x, dot(from(index, attributes, source), strides)));
  }

  const write = (writes as Partial<Record<OpName, Write<OpName>>>)[op];
  if (write) {
    const strides = stridesOf(shape);
    const { value = write.start ?? 0 } = attributes as Partial<OpAttributes["pad"]>;
    const result = new Float64Array(sizeOf(shape)).fill(value);
    everyIndex(source, (index, flat) => {
      const cell = dot(write.to(index, attributes), strides);
      result[cell] = round(write.combine(at(result, cell), at(x, flat)));
    });
    return result;
  }

  const { comparison } = attributes as OpAttributes["compare"];
  const meaning: (...numbers: number[]) => number =
    op === "multiply" && node.dtype === "i32" ? Math.imul : scalars[comparison ?? (op as keyof Scalars)];
  return x.map((a, i) => meaning(a, y?.[i] as number, z?.[i] as number));
}

/** The cell of the operand that a cell of the result shows. */
type Read<Name extends OpName> = (index: Index, attributes: OpAttributes[Name], operand: Shape) => Index;

const reads: { readonly [Name in "expand" | "slice" | "reverse" | "window"]: Read<Name> } = {
  expand: (index, _, operand) => index.map((i, axis) => (operand[axis] === 1 ? 0 : i)),
  slice: (index, { start, step }) => index.map((i, axis) => at(start, axis) + i * at(step, axis)),
  reverse: (index, { axes }, operand) =>
    index.map((i, axis) => (axes.includes(axis) ? at(operand, axis) - 1 - i : i)),
  window: windowed,
};

/** Each cell of the operand goes to one cell of the result, which holds `start` before (for `pad`: its `value`). */
interface Write<Name extends OpName> {
  to(index: Index, attributes: OpAttributes[Name]): Index;
  combine(sofar: number, x: number): number;
  readonly start?: number;
}

const added = (sofar: number, x: number): number => sofar + x;

const writes: { readonly [Name in "sum" | "reduceMax" | "pad" | "unwindow"]: Write<Name> } = {
  sum: { to: kept, combine: added },
  reduceMax: { to: kept, combine: (sofar, x) => Math.max(sofar, x), start: -Infinity },
  pad: {
    to: (index, { low, interior }) => index.map((i, axis) => at(low, axis) + i * (at(interior, axis) + 1)),
    combine: (_, x) => x,
  },
  unwindow: { to: windowed, combine: added },
};

type Other<Name extends OpName> = (node: Node<Name>, operands: Operands, round: Round) => Float64Array;

const others: {
  readonly [Name in Exclude<
    OpName,
    keyof Scalars | "compare" | keyof typeof reads | keyof typeof writes
  >]: Other<Name>;
} = {
  parameter: missing,
  input: missing,
  constant: ({ attributes }) => Float64Array.from(attributes.data),
  iota: ({ shape, attributes }) => build(shape, (index) => at(index, attributes.axis)),
  random: ({ shape, attributes }, [[seed, low, high]]) =>
    build(shape, (_, flat) => uniform(seed as number, attributes.stream, flat, low, high)),
  /** Sums over the contracted axes in row-major order, from zero, rounding every product and every sum. */
  contract: ({ shape, attributes, inputs }, [left, right], round) => {
    const { leftBatch, rightBatch, leftContracted, rightContracted } = attributes;
    const [a, b] = inputs.map((input) => input.shape) as [Shape, Shape];
    const leftFree = freeAxes(a.length, leftBatch, leftContracted);
    const rightFree = freeAxes(b.length, rightBatch, rightContracted);
    // As batches of rows and of columns; each row and each column holds `depth` numbers.
    const rows = permuted(left, a, [...leftBatch, ...leftFree, ...leftContracted]);
    const columns = permuted(right, b, [...rightBatch, ...rightFree, ...rightContracted]);
    const depth = sizeOf(extentsOf(a, leftContracted));
    const height = sizeOf(extentsOf(a, leftFree));
    const width = sizeOf(extentsOf(b, rightFree));
    return build(shape, (_, flat) => {
      const row = Math.floor(flat / width);
      const column = Math.floor(row / height) * width + (flat % width);
      let total = 0;
      for (let k = 0; k < depth; k++)
        total = round(total + round(at(rows, row * depth + k) * at(columns, column * depth + k)));
      return total;
    });
  },
  reshape: first,
  permute: ({ inputs, attributes }, [x]) => permuted(x, (inputs[0] as Tensor).shape, attributes.order),
  gather: (node, [table, indices]) => {
    const cellOf = cellsOfRows(node, (node.inputs[0] as Tensor).shape, indices);
    return build(node.shape, (_, flat) => at(table, cellOf(flat)));
  },
  scatterAdd: (node, [indices, rows], round) => {
    const cellOf = cellsOfRows(node, node.shape, indices);
    const result = new Float64Array(sizeOf(node.shape));
    rows.forEach((x, flat) => {
      const cell = cellOf(flat);
      result[cell] = round(at(result, cell) + x);
    });
    return result;
  },
  cast: ({ dtype }, [x]) => (dtype === "i32" ? x.map(saturated) : x),
  stopGradient: first,
  assign: (_, [, value]) => value,
};

function first(_: Tensor, [x]: Operands): Float64Array {
  return x;
}

function missing({ op, attributes }: Node<"parameter"> | Node<"input">): never {
  const expected = `a value for ${op} "${attributes.name}"`;
  throw new ArgumentError("interpretGraph", expected, "none", "Pass it in values.");
}

function kept(index: Index, { axes }: { readonly axes: readonly number[] }): Index {
  return index.filter((_, axis) => !axes.includes(axis));
}

/** The cell of the un-windowed tensor that a cell of the windowed one shows. */
function windowed(index: Index, { windows }: { readonly windows: readonly Window[] }): Index {
  const cell = index.slice(0, index.length - windows.length);
  windows.forEach(({ axis, stride, dilation }, i) => {
    cell[axis] = at(cell, axis) * stride + at(index, cell.length + i) * dilation;
  });
  return cell;
}

/** Where the elements of chosen rows lie in the table. */
function cellsOfRows({ op }: Tensor, table: Shape, indices: Values): (flat: number) => number {
  const rows = at(table, 0);
  const width = sizeOf(table.slice(1));
  return (flat) => {
    const row = at(indices, Math.floor(flat / width));
    if (!(row >= 0 && row < rows)) throw new ArgumentError(op, `indices between 0 and ${rows - 1}`, row);
    return row * width + (flat % width);
  };
}

/** The values of a tensor of this shape with its axes in another order. */
function permuted(x: Float64Array, shape: Shape, order: readonly number[]): Float64Array {
  const strides = extentsOf(stridesOf(shape), order);
  return build(extentsOf(shape, order), (index) => at(x, dot(index, strides)));
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
