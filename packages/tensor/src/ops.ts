import { ArgumentError } from "./errors.js";
import { type DType, extentsOf, formatShape, type Shape, sameShape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { wantShapes } from "./want.js";

/**
 * The closed table of primitive operations: attributes, and the one rule that gives the result's shape and dtype.
 * Everything else (gradients, interpreters, lowering) is a `Record<OpName, ...>`, so that a new row does not compile
 * until every rule exists. Primitives are strict: operands have equal shapes; broadcasting is written with `expand`.
 */
export interface OpAttributes {
  parameter: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  input: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  constant: { readonly data: ConstantData; readonly shape: Shape; readonly dtype: DType };
  /** i32, counts along one axis. */
  iota: { readonly shape: Shape; readonly axis: number };
  /** Uniform f32 in [0, 1), keyed by its input (i32 [3]: seed, step low, step high), the stream and the element index. */
  random: { readonly shape: Shape; readonly stream: number };
  exp: NoAttributes;
  expm1: NoAttributes;
  log: NoAttributes;
  log1p: NoAttributes;
  sqrt: NoAttributes;
  tanh: NoAttributes;
  sigmoid: NoAttributes;
  erfc: NoAttributes;
  sin: NoAttributes;
  cos: NoAttributes;
  floor: NoAttributes;
  add: NoAttributes;
  multiply: NoAttributes;
  divide: NoAttributes;
  maximum: NoAttributes;
  minimum: NoAttributes;
  compare: { readonly comparison: "less" | "lessOrEqual" | "equal" };
  /** Inputs: condition (bool), value where true, value where false. */
  select: NoAttributes;
  /** The reduced axes vanish. Axes ascend. */
  sum: { readonly axes: readonly number[] };
  reduceMax: { readonly axes: readonly number[] };
  /** Result axes: batch (as in the left operand), free axes of the left, free axes of the right. */
  contract: ContractAttributes;
  reshape: { readonly shape: Shape };
  /** Result axis i is input axis order[i]. */
  permute: { readonly order: readonly number[] };
  /** Same rank; axes of extent 1 are repeated. */
  expand: { readonly shape: Shape };
  /** Per axis: cells before, cells after, and cells between neighbours. */
  pad: {
    readonly low: readonly number[];
    readonly high: readonly number[];
    readonly interior: readonly number[];
    readonly value: number;
  };
  slice: {
    readonly start: readonly number[];
    readonly size: readonly number[];
    readonly step: readonly number[];
  };
  reverse: { readonly axes: readonly number[] };
  /** Each windowed axis becomes the axis of window positions; the cells inside a window are appended as last axes. */
  window: WindowAttributes;
  /** The adjoint of `window`: adds every cell back to where it came from. */
  unwindow: WindowAttributes;
  /** Inputs: table, indices (i32). Rows of the table (axis 0): shape [...indices, ...table.slice(1)]. */
  gather: NoAttributes;
  /** Inputs: indices (i32), rows. The adjoint of gather: a table with `size` rows into which the rows are added. */
  scatterAdd: { readonly size: number };
  cast: { readonly dtype: DType };
  stopGradient: NoAttributes;
  /** Inputs: parameter, value. Writes the parameter at the end of the step; the result is the new value. */
  assign: NoAttributes;
}

export type NoAttributes = Readonly<Record<never, never>>;
export type ConstantData = Float64Array | Float32Array | Int32Array | Uint8Array;

export interface ContractAttributes {
  readonly leftBatch: readonly number[];
  readonly rightBatch: readonly number[];
  readonly leftContracted: readonly number[];
  readonly rightContracted: readonly number[];
}

export interface Window {
  readonly axis: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
}

export interface WindowAttributes {
  readonly windows: readonly Window[];
  readonly shape: Shape;
  readonly rewrites: WindowRewrites;
}

/** Expressions of windows in other words, which have the same value and faster kernels; undefined where there are none. */
export interface WindowRewrites {
  /** A contraction whose left operand shows windows, and walks memory with these strides (undefined: strides cannot say it). */
  contract(node: Node<"contract">, strides: readonly number[] | undefined): Tensor | undefined;
  /** `simplified` is what the compiler makes of a `pad`. */
  unwindow(node: Node<"unwindow">, simplified: (pad: Tensor) => Tensor): Tensor | undefined;
}

export type OpName = keyof OpAttributes;

/** A tensor known to come from one op, so that its attributes are typed. */
export type Node<Name extends OpName> = Tensor & {
  readonly op: Name;
  readonly attributes: OpAttributes[Name];
};

/** What one op takes and makes. */
interface Row<Name extends OpName> {
  /** Shape of the result from the shapes of the operands; or, in words, what the rule wanted instead of these. */
  shape(attributes: OpAttributes[Name], ...operands: readonly [Shape, Shape, Shape]): Shape | string;
  /** dtype of the result by the one among the attributes, else by the dtypes of the operands. Without it: that of the only operand. */
  readonly types?: Readonly<Record<string, DType>>;
}

/** Ops with an effect or an identity of their own are never merged with an equal expression. */
export const unmergeable: readonly OpName[] = ["parameter", "input", "random", "assign"];

/** Ops that do nothing where the result has the shape and dtype of the operand; the operand stands for such a result. */
export const idle: readonly OpName[] = ["reshape", "expand", "pad", "slice", "sum", "reduceMax", "cast"];

const declared = { shape: ({ shape }: { readonly shape: Shape }): Shape => shape };
const alike = (_: unknown, first: Shape, ...others: readonly Shape[]): Shape | string =>
  others.every((shape) => sameShape(shape, first))
    ? first
    : "shapes that broadcast (equal extents or 1, from the last axis)";
const reduction = {
  types: { f32: "f32", i32: "i32", u8: "u8" },
  shape: ({ axes }: { readonly axes: readonly number[] }, x: Shape): Shape =>
    x.filter((_, axis) => !axes.includes(axis)),
} as const;

const unchanged = { shape: alike };
const float = { types: { f32: "f32" }, shape: alike } as const;
const arithmetic = { types: { "f32 and f32": "f32", "i32 and i32": "i32" }, shape: alike } as const;

const stored = { ...declared, types: reduction.types } as const;

const table: { readonly [Name in OpName]: Row<Name> } = {
  parameter: stored,
  input: { ...declared, types: { f32: "f32", i32: "i32", u8: "u8", bool: "bool" } },
  constant: stored,
  iota: { ...declared, types: { "": "i32" } },
  random: { ...declared, types: { i32: "f32" } },
  exp: float,
  expm1: float,
  log: float,
  log1p: float,
  sqrt: float,
  tanh: float,
  sigmoid: float,
  erfc: float,
  sin: float,
  cos: float,
  floor: float,
  add: arithmetic,
  multiply: arithmetic,
  divide: arithmetic,
  maximum: arithmetic,
  minimum: arithmetic,
  compare: { types: { "f32 and f32": "bool", "i32 and i32": "bool" }, shape: alike },
  select: {
    types: {
      "bool and f32 and f32": "f32",
      "bool and i32 and i32": "i32",
      "bool and bool and bool": "bool",
    },
    shape: alike,
  },
  sum: reduction,
  reduceMax: reduction,
  contract: {
    types: { "f32 and f32": "f32" },
    shape: ({ leftBatch, rightBatch, leftContracted, rightContracted }, left, right) => {
      const leftPaired = [...leftBatch, ...leftContracted];
      const rightPaired = [...rightBatch, ...rightContracted];
      const leftExtents = extentsOf(left, leftPaired);
      const rightExtents = extentsOf(right, rightPaired);
      const axesExist = leftExtents.every((extent) => extent >= 0);
      return axesExist && leftBatch.length === rightBatch.length && sameShape(leftExtents, rightExtents)
        ? [
            ...extentsOf(left, leftBatch),
            ...extentsOf(left, freeAxes(left, leftBatch, leftContracted)),
            ...extentsOf(right, freeAxes(right, rightBatch, rightContracted)),
          ]
        : `equal extents on axes ${formatShape(leftPaired)} and ${formatShape(rightPaired)}`;
    },
  },
  reshape: {
    shape: ({ shape }, x) =>
      sizeOf(shape) === sizeOf(x) && shape.every((extent) => extent >= 0)
        ? shape
        : `${sizeOf(x)} elements in shape ${formatShape(shape)}`,
  },
  permute: {
    shape: ({ order }, x) =>
      order.length === x.length && x.every((_, axis) => order.includes(axis))
        ? extentsOf(x, order)
        : `all axes once, not ${formatShape(order)}`,
  },
  expand: {
    shape: ({ shape }, x) =>
      shape.length === x.length && x.every((extent, axis) => extent === 1 || extent === shape[axis])
        ? shape
        : `a shape that broadcasts to ${formatShape(shape)}`,
  },
  pad: {
    shape: ({ low, high, interior }, x) =>
      [low, high, interior].every(({ length }) => length === x.length)
        ? x.map(
            (extent, axis) =>
              (low[axis] as number) +
              extent +
              (high[axis] as number) +
              (interior[axis] as number) * Math.max(0, extent - 1),
          )
        : "cells for every axis",
  },
  slice: {
    shape: ({ start, size, step }, x) =>
      size.length === x.length &&
      !step.includes(0) &&
      x.every(
        (extent, axis) =>
          (start[axis] as number) + ((size[axis] as number) - 1) * (step[axis] as number) < extent,
      )
        ? size
        : `room for [${size}] cells from [${start}] by [${step}]`,
  },
  reverse: unchanged,
  window: declared,
  unwindow: declared,
  gather: {
    types: { "f32 and i32": "f32", "i32 and i32": "i32", "u8 and i32": "u8" },
    shape: (_, rows, indices) => (rows.length ? [...indices, ...rows.slice(1)] : "a table of rows"),
  },
  scatterAdd: {
    types: { "i32 and f32": "f32", "i32 and i32": "i32" },
    shape: ({ size }, indices, rows) =>
      sameShape(indices, rows.slice(0, indices.length))
        ? [size, ...rows.slice(indices.length)]
        : "one row per index",
  },
  cast: { types: { f32: "f32", i32: "i32", bool: "bool" }, shape: alike },
  stopGradient: unchanged,
  assign: {
    types: { "f32 and f32": "f32", "i32 and i32": "i32", "u8 and u8": "u8" },
    shape: (_, parameter, value) => (sameShape(parameter, value) ? parameter : "a value of the same shape"),
  },
};

/** Shape and dtype of `op(inputs, attributes)`. Throws where they do not fit, in the name of the public `operation`. */
export function infer<Name extends OpName>(
  op: Name,
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
  operation: string,
): { readonly shape: Shape; readonly dtype: DType } {
  const { types, shape: rule } = table[op];
  const { dtype: chosen } = attributes as { dtype?: DType };
  const received = chosen ?? inputs.map(({ dtype }) => dtype).join(" and ");
  const dtype = types ? types[received] : (inputs[0] as Tensor).dtype;
  if (!dtype) {
    const wanted = Object.keys(types as object).join(", or ");
    const hint = inputs[0] && 'Convert with cast(x, "f32").';
    throw new ArgumentError(operation, `dtype ${wanted}`, received, hint);
  }
  const shapes = inputs.map(({ shape }) => shape);
  const shape = rule(attributes, ...(shapes as unknown as readonly [Shape, Shape, Shape]));
  const hint = inputs[1] && "Reshape or transpose one of them.";
  wantShapes(typeof shape !== "string", operation, shape as string, shapes, hint);
  return { shape: shape as Shape, dtype };
}

/** Axes of an operand of `contract` that are neither batch nor contracted, ascending. */
export function freeAxes(shape: Shape, batch: readonly number[], contracted: readonly number[]): number[] {
  return [...shape.keys()].filter((axis) => !batch.includes(axis) && !contracted.includes(axis));
}
