import { ArgumentError } from "./errors.js";
import { freeAxes, type Node, type OpAttributes, type OpName } from "./ops.js";
import { inOrder } from "./order.js";
import { uniform } from "./random.js";
import { type Scalars, saturated, scalars } from "./scalars.js";
import { type DType, extentsOf, keptShape, type Shape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { contiguous, elementAt, movedView, movements, type View } from "./view.js";

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

/** Every op is in one of four tables: `scalars`, `movements`, `writes`, `others`. */
function compute(node: Node<OpName>, operands: Operands, round: Round): Float64Array {
  const { op, attributes, shape } = node;
  const [x, y, z] = operands;
  const other = (others as Partial<Record<OpName, Other<OpName>>>)[op];
  if (other) return other(node, operands, round);

  const source = (node.inputs[0] as Tensor).shape;
  if (op in movements)
    return seen(x, movedView(op as keyof typeof movements, attributes as never, contiguous(source), shape));

  const write = (writes as Partial<Record<OpName, Write<OpName>>>)[op];
  if (write) {
    const { value = write.start ?? 0 } = attributes as Partial<OpAttributes["pad"]>;
    const result = new Float64Array(sizeOf(shape)).fill(value);
    const view = write.to(node, source);
    everyIndex(source, (index, flat) => {
      const cell = elementAt(view, index);
      result[cell] = round(write.combine(result[cell] as number, x[flat] as number));
    });
    return result;
  }

  const { comparison } = attributes as OpAttributes["compare"];
  const meaning: (...numbers: number[]) => number =
    op === "multiply" && node.dtype === "i32" ? Math.imul : scalars[comparison ?? (op as keyof Scalars)];
  return x.map((a, i) => meaning(a, y?.[i] as number, z?.[i] as number));
}

/** Each cell of the operand goes to one cell of the result, which holds `start` before (for `pad`: its `value`). */
interface Write<Name extends OpName> {
  /** A view of the result, over the operand's shape. */
  to(node: Node<Name>, operand: Shape): View;
  combine(sofar: number, x: number): number;
  readonly start?: number;
}

const added = (sofar: number, x: number): number => sofar + x;

const writes: { readonly [Name in "sum" | "reduceMax" | "pad" | "unwindow"]: Write<Name> } = {
  sum: { to: spread, combine: added },
  reduceMax: { to: spread, combine: (sofar, x) => Math.max(sofar, x), start: -Infinity },
  pad: {
    to: ({ shape, attributes: { low, interior } }, operand) => {
      const step = interior.map((cells) => cells + 1);
      return movedView("slice", { start: low, step }, contiguous(shape), operand);
    },
    combine: (_, x) => x,
  },
  unwindow: {
    to: ({ shape, attributes }, operand) => movedView("window", attributes, contiguous(shape), operand),
    combine: added,
  },
};

type Other<Name extends OpName> = (node: Node<Name>, operands: Operands, round: Round) => Float64Array;

const others: {
  readonly [Name in Exclude<
    OpName,
    keyof Scalars | "compare" | keyof typeof movements | keyof typeof writes
  >]: Other<Name>;
} = {
  parameter: missing,
  input: missing,
  constant: ({ attributes }) => Float64Array.from(attributes.data),
  iota: ({ shape, attributes }) => build(shape, (index) => index[attributes.axis] as number),
  random: ({ shape, attributes }, [[seed, low, high]]) =>
    build(shape, (_, flat) => uniform(seed as number, attributes.stream, flat, low, high)),
  /** Sums over the contracted axes in row-major order, from zero, rounding every product and every sum. */
  contract: ({ shape, attributes, inputs }, [left, right], round) => {
    const { leftBatch, rightBatch, leftContracted, rightContracted } = attributes;
    const [a, b] = inputs.map((input) => input.shape) as [Shape, Shape];
    // As batches of rows and of columns; each row and each column holds `depth` numbers.
    const [rows, height] = lines(left, a, leftBatch, leftContracted);
    const [columns, width] = lines(right, b, rightBatch, rightContracted);
    const depth = sizeOf(extentsOf(a, leftContracted));
    return build(shape, (_, flat) => {
      const row = Math.floor(flat / width);
      const column = Math.floor(row / height) * width + (flat % width);
      let total = 0;
      for (let k = 0; k < depth; k++)
        total = round(
          total + round((rows[row * depth + k] as number) * (columns[column * depth + k] as number)),
        );
      return total;
    });
  },
  reshape: first,
  gather: (node, [table, indices]) => {
    const cellOf = cellsOfRows(node, (node.inputs[0] as Tensor).shape, indices);
    return build(node.shape, (_, flat) => table[cellOf(flat)] as number);
  },
  scatterAdd: (node, [indices, rows], round) => {
    const cellOf = cellsOfRows(node, node.shape, indices);
    const result = new Float64Array(sizeOf(node.shape));
    rows.forEach((x, flat) => {
      const cell = cellOf(flat);
      result[cell] = round((result[cell] as number) + x);
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

/** The result of a reduction, repeated along the axes that vanished. */
function spread({ attributes: { axes } }: Node<"sum"> | Node<"reduceMax">, shape: Shape): View {
  return movedView("expand", { shape }, contiguous(keptShape(shape, axes)), shape);
}

/** Where the elements of chosen rows lie in the table. */
function cellsOfRows({ op }: Tensor, table: Shape, indices: Values): (flat: number) => number {
  const rows = table[0] as number;
  const width = sizeOf(table.slice(1));
  return (flat) => {
    const row = indices[Math.floor(flat / width)] as number;
    if (!(row >= 0 && row < rows)) throw new ArgumentError(op, `indices between 0 and ${rows - 1}`, row);
    return row * width + (flat % width);
  };
}

/** The values that a view of a tensor shows. */
function seen(x: Values, view: View): Float64Array {
  return build(view.shape, (index) => x[elementAt(view, index)] as number);
}

/** An operand of a contraction with the contracted axes last, and how many such lines a batch has. */
function lines(
  x: Values,
  shape: Shape,
  batch: readonly number[],
  contracted: readonly number[],
): [numbers: Float64Array, count: number] {
  const free = freeAxes(shape.length, batch, contracted);
  const order = [...batch, ...free, ...contracted];
  const view = movedView("permute", { order }, contiguous(shape), extentsOf(shape, order));
  return [seen(x, view), sizeOf(extentsOf(shape, free))];
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
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
}
