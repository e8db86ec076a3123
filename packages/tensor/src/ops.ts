import { ArgumentError, ShapeError } from "./errors.js";
import { currentOrigin } from "./origin.js";
import { type DType, formatShape, type Shape, sameShape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

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
  erf: NoAttributes;
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
  window: { readonly windows: readonly Window[] };
  /** The adjoint of `window`: adds every cell back to where it came from. */
  unwindow: { readonly windows: readonly Window[]; readonly shape: Shape };
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

export type OpName = keyof OpAttributes;

/** A tensor known to come from one op, so that its attributes are typed. */
export type Node<Name extends OpName> = Tensor & {
  readonly op: Name;
  readonly attributes: OpAttributes[Name];
};

interface Inferred {
  readonly shape: Shape;
  readonly dtype: DType;
}

type Infer<Name extends OpName> = (
  inputs: readonly Tensor[],
  attributes: OpAttributes[Name],
  name: Name,
) => Inferred;

/** Ops with an effect or an identity of their own are never merged with an equal expression. */
export const unmergeable: ReadonlySet<OpName> = new Set(["parameter", "input", "random", "assign"]);

export const infer: { readonly [Name in OpName]: Infer<Name> } = {
  parameter: (_, { shape, dtype }) => ({ shape, dtype }),
  input: (_, { shape, dtype }) => ({ shape, dtype }),
  constant: (_, { shape, dtype }) => ({ shape, dtype }),
  iota: (_, { shape }) => ({ shape, dtype: "i32" }),
  random: (_, { shape }) => ({ shape, dtype: "f32" }),
  exp: float,
  expm1: float,
  log: float,
  log1p: float,
  sqrt: float,
  tanh: float,
  sigmoid: float,
  erf: float,
  sin: float,
  cos: float,
  floor: float,
  add: arithmetic,
  multiply: arithmetic,
  divide: arithmetic,
  maximum: arithmetic,
  minimum: arithmetic,
  compare: (inputs, _, name) => ({ shape: arithmetic(inputs, _, name).shape, dtype: "bool" }),
  select: ([condition, yes, no], _, name) => {
    want(condition?.dtype === "bool", name, "a condition that is the result of a comparison", [
      condition as Tensor,
    ]);
    want(
      sameShape(condition.shape, yes?.shape as Shape) &&
        sameShape((yes as Tensor).shape, (no as Tensor).shape),
      name,
      "three operands of one shape",
      [condition, yes as Tensor, no as Tensor],
    );
    wantSameType(name, yes as Tensor, no as Tensor);
    return { shape: condition.shape, dtype: (yes as Tensor).dtype };
  },
  sum: reduction,
  reduceMax: reduction,
  contract: ([left, right], attributes, name) =>
    contraction(left as Tensor, right as Tensor, attributes, name),
  reshape: ([input], { shape }, name) => {
    const from = input as Tensor;
    want(sizeOf(from.shape) === sizeOf(shape), name, `${sizeOf(shape)} elements for ${formatShape(shape)}`, [
      from,
    ]);
    return { shape, dtype: from.dtype };
  },
  permute: ([input], { order }, name) => {
    const from = input as Tensor;
    const complete =
      order.length === from.shape.length && from.shape.every((_, axis) => order.includes(axis));
    want(complete, name, `an order of all axes once, not (${order.join(", ")})`, [from]);
    return { shape: order.map((axis) => from.shape[axis] as number), dtype: from.dtype };
  },
  expand: ([input], { shape }, name) => {
    const from = input as Tensor;
    const fits =
      shape.length === from.shape.length &&
      from.shape.every((extent, axis) => extent === 1 || extent === shape[axis]);
    want(fits, name, `a shape that broadcasts to ${formatShape(shape)}`, [from]);
    return { shape, dtype: from.dtype };
  },
  pad: ([input], { low, high, interior }, name) => {
    const from = input as Tensor;
    const shape = from.shape.map((extent, axis) => {
      const between = Math.max(0, extent - 1) * (interior[axis] as number);
      return (low[axis] as number) + extent + between + (high[axis] as number);
    });
    const natural = [...low, ...high, ...interior].every((cells) => Number.isInteger(cells) && cells >= 0);
    want(natural && low.length === from.shape.length, name, "whole, non-negative cells for every axis", [
      from,
    ]);
    return { shape, dtype: from.dtype };
  },
  slice: ([input], { start, size, step }, name) => {
    const from = input as Tensor;
    const inside = from.shape.every((extent, axis) => {
      const first = start[axis] as number;
      const count = size[axis] as number;
      return (
        first >= 0 && count >= 0 && (count === 0 || first + (count - 1) * (step[axis] as number) < extent)
      );
    });
    want(
      inside,
      name,
      `room for start ${formatShape(start)}, size ${formatShape(size)}, step ${formatShape(step)}`,
      [from],
    );
    return { shape: size, dtype: from.dtype };
  },
  reverse: ([input]) => ({ shape: (input as Tensor).shape, dtype: (input as Tensor).dtype }),
  window: ([input], { windows }, name) => ({
    shape: windowedShape(input as Tensor, windows, name),
    dtype: (input as Tensor).dtype,
  }),
  unwindow: ([input], { shape }) => ({ shape, dtype: (input as Tensor).dtype }),
  gather: ([table, indices], _, name) => {
    want((indices as Tensor).dtype === "i32", name, "indices of dtype i32", [indices as Tensor]);
    want((table as Tensor).shape.length > 0, name, "a table with at least one axis", [table as Tensor]);
    return {
      shape: [...(indices as Tensor).shape, ...(table as Tensor).shape.slice(1)],
      dtype: (table as Tensor).dtype,
    };
  },
  scatterAdd: ([indices, rows], { size }, name) => {
    const { shape: leading, dtype } = indices as Tensor;
    const from = rows as Tensor;
    const fits = dtype === "i32" && sameShape(leading, from.shape.slice(0, leading.length));
    want(fits, name, "one row per index (i32)", [indices as Tensor, from]);
    return { shape: [size, ...from.shape.slice(leading.length)], dtype: from.dtype };
  },
  cast: ([input], { dtype }) => ({ shape: (input as Tensor).shape, dtype }),
  stopGradient: ([input]) => ({ shape: (input as Tensor).shape, dtype: (input as Tensor).dtype }),
  assign: ([parameter, value], _, name) => {
    want(parameter?.op === "parameter", name, "a parameter to write to", [parameter as Tensor]);
    want(
      sameShape(parameter.shape, (value as Tensor).shape),
      name,
      `a value of shape ${formatShape(parameter.shape)}`,
      [value as Tensor],
    );
    wantSameType(name, parameter, value as Tensor);
    return { shape: parameter.shape, dtype: parameter.dtype };
  },
};

/** Shape of `window`'s result: positions = floor((extent - dilation (size - 1) - 1) / stride) + 1 per windowed axis. */
export function windowedShape(input: Tensor, windows: readonly Window[], operation: string): number[] {
  const shape = [...input.shape];
  for (const { axis, size, stride, dilation } of windows) {
    const positions = Math.floor(((shape[axis] as number) - dilation * (size - 1) - 1) / stride) + 1;
    want(positions >= 1, operation, `at least ${dilation * (size - 1) + 1} cells on axis ${axis}`, [input]);
    shape[axis] = positions;
  }
  return [...shape, ...windows.map(({ size }) => size)];
}

/** Axes of an operand of `contract` that are neither batch nor contracted, ascending. */
export function freeAxes(rank: number, batch: readonly number[], contracted: readonly number[]): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !batch.includes(axis) && !contracted.includes(axis),
  );
}

function float([input]: readonly Tensor[], _: NoAttributes, name: OpName): Inferred {
  const { shape, dtype } = input as Tensor;
  if (dtype !== "f32")
    throw new ArgumentError(name, "a tensor of dtype f32", dtype, 'Convert it first with cast(x, "f32").');
  return { shape, dtype };
}

function arithmetic([left, right]: readonly Tensor[], _: unknown, name: OpName): Inferred {
  const a = left as Tensor;
  const b = right as Tensor;
  want(sameShape(a.shape, b.shape), name, "two operands of one shape", [a, b]);
  wantSameType(name, a, b);
  if (a.dtype !== "f32" && a.dtype !== "i32") {
    throw new ArgumentError(
      name,
      "operands of dtype f32 or i32",
      a.dtype,
      'Convert them first with cast(x, "f32").',
    );
  }
  return { shape: a.shape, dtype: a.dtype };
}

function reduction(
  [input]: readonly Tensor[],
  { axes }: { readonly axes: readonly number[] },
  name: OpName,
): Inferred {
  const from = input as Tensor;
  const valid = axes.every(
    (axis, i) => axis >= 0 && axis < from.shape.length && (i === 0 || axis > (axes[i - 1] as number)),
  );
  want(valid, name, `axes between 0 and ${from.shape.length - 1}, not (${axes.join(", ")})`, [from]);
  return { shape: from.shape.filter((_, axis) => !axes.includes(axis)), dtype: from.dtype };
}

function contraction(left: Tensor, right: Tensor, attributes: ContractAttributes, name: OpName): Inferred {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = attributes;
  const agree = (a: readonly number[], b: readonly number[]) =>
    a.length === b.length && a.every((axis, i) => left.shape[axis] === right.shape[b[i] as number]);
  want(agree(leftContracted, rightContracted), name, "equal extents on the contracted axes", [left, right]);
  want(agree(leftBatch, rightBatch), name, "equal extents on the batch axes", [left, right]);
  want(
    left.dtype === "f32" && right.dtype === "f32",
    name,
    `two f32 operands, not ${left.dtype} and ${right.dtype}`,
    [left, right],
  );
  const extents = (tensor: Tensor, axes: readonly number[]) =>
    axes.map((axis) => tensor.shape[axis] as number);
  return {
    shape: [
      ...extents(left, leftBatch),
      ...extents(left, freeAxes(left.shape.length, leftBatch, leftContracted)),
      ...extents(right, freeAxes(right.shape.length, rightBatch, rightContracted)),
    ],
    dtype: "f32",
  };
}

function want(
  condition: unknown,
  operation: string,
  expected: string,
  received: readonly Tensor[],
): asserts condition {
  if (condition) return;
  throw new ShapeError({
    operation,
    expected,
    received: received.map((tensor) => tensor.shape),
    path: currentOrigin(),
  });
}

function wantSameType(operation: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new ArgumentError(
      operation,
      "operands of one dtype",
      `${a.dtype} and ${b.dtype}`,
      "Convert one of them with cast.",
    );
  }
}
