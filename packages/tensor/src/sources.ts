import { ArgumentError } from "./errors.js";
import { make } from "./make.js";
import type { ConstantData } from "./ops.js";
import { type DType, formatShape, type Shape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

type Vector = readonly number[];
type Matrix = readonly (readonly number[])[];

/** A constant from a number, nested arrays, or flat data with a shape. Default dtype: f32. */
export function tensor(value: number, dtype?: DType): Tensor<readonly []>;
export function tensor(value: Vector, dtype?: DType): Tensor<readonly [number]>;
export function tensor(value: Matrix, dtype?: DType): Tensor<readonly [number, number]>;
export function tensor<const S extends Shape>(
  data: Vector | ConstantData,
  shape: S,
  dtype?: DType,
): Tensor<S>;
export function tensor(value: NestedInput, dtype?: DType): Tensor;
export function tensor(
  value: NestedInput | ConstantData,
  shapeOrDtype?: Shape | DType,
  dtype?: DType,
): Tensor {
  if (Array.isArray(shapeOrDtype)) return constant(value as Vector | ConstantData, shapeOrDtype, dtype);
  const flat: number[] = [];
  const shape = ArrayBuffer.isView(value) ? [value.length] : shapeOfNested(value as NestedInput);
  if (ArrayBuffer.isView(value)) return constant(value, shape, shapeOrDtype as DType | undefined);
  flatten(value as NestedInput, shape, 0, flat);
  return constant(flat, shape, shapeOrDtype as DType | undefined);
}

export type NestedInput = number | readonly NestedInput[];

function constant(values: Vector | ConstantData, shape: Shape, dtype: DType = "f32"): Tensor {
  if (values.length !== sizeOf(shape)) {
    throw new ArgumentError(
      "tensor",
      `${sizeOf(shape)} values for shape ${formatShape(shape)}`,
      `${values.length} values`,
    );
  }
  if (dtype === "bool")
    throw new ArgumentError("tensor", "dtype f32, i32 or u8", dtype, "Write a comparison instead.");
  return make("constant", [], { data: storedAs(values, dtype), shape: [...shape], dtype });
}

/** f32 constants keep f64 values so that the f64 interpreter is exact; typed arrays of the right kind are kept as they are. */
function storedAs(values: Vector | ConstantData, dtype: DType): ConstantData {
  if (dtype === "i32") return values instanceof Int32Array ? values : Int32Array.from(values);
  if (dtype === "u8") return values instanceof Uint8Array ? values : Uint8Array.from(values);
  return values instanceof Float32Array || values instanceof Float64Array
    ? values
    : Float64Array.from(values);
}

function shapeOfNested(value: NestedInput): number[] {
  const shape: number[] = [];
  for (let level: NestedInput | undefined = value; typeof level === "object"; level = level[0])
    shape.push(level.length);
  return shape;
}

function flatten(value: NestedInput, shape: Shape, depth: number, flat: number[]): void {
  if (typeof value === "number") {
    if (depth !== shape.length) throw ragged(shape, depth, "a number");
    flat.push(value);
    return;
  }
  if (value.length !== shape[depth]) throw ragged(shape, depth, `${value.length} entries`);
  for (const entry of value) flatten(entry, shape, depth + 1, flat);
}

function ragged(shape: Shape, depth: number, received: string): ArgumentError {
  const wanted = shape[depth] === undefined ? "a number" : `${shape[depth]} entries`;
  return new ArgumentError(
    "tensor",
    `${wanted} in every row at depth ${depth}`,
    received,
    "All rows need the same length.",
  );
}

/** A value that persists between steps and that `assign` may write: a weight, an optimizer slot, a counter, a data set. */
export function parameter<const S extends Shape>(name: string, shape: S, dtype: DType = "f32"): Tensor<S> {
  return make("parameter", [], { name, shape: [...shape], dtype }) as Tensor<S>;
}

/** A value that is given anew for every run of a program. */
export function input<const S extends Shape>(name: string, shape: S, dtype: DType = "f32"): Tensor<S> {
  return make("input", [], { name, shape: [...shape], dtype }) as Tensor<S>;
}

/** i32 counting 0, 1, 2, ... along one axis (default: the last). */
export function iota<const S extends Shape>(shape: S, axis: number = shape.length - 1): Tensor<S> {
  return make("iota", [], { shape: [...shape], axis }) as Tensor<S>;
}

/**
 * Uniform numbers in [0, 1). `key` is an i32 tensor of shape [3]: seed, low and high word of the step. `stream` is a
 * 32-bit number that differs for every use (see `streamOf`). Element i is `uniform(seed, stream, i, step)`.
 */
export function random<const S extends Shape>(key: Tensor, shape: S, stream: number): Tensor<S> {
  return make("random", [key], { shape: [...shape], stream: stream | 0 }) as Tensor<S>;
}

/** A tensor of zeros; no memory is used for it. */
export function zeros<const S extends Shape>(shape: S, dtype: DType = "f32"): Tensor<S> {
  return filled(shape, 0, dtype);
}

/** A tensor of ones; no memory is used for it. */
export function ones<const S extends Shape>(shape: S, dtype: DType = "f32"): Tensor<S> {
  return filled(shape, 1, dtype);
}

/** A tensor with one value everywhere; no memory is used for it. */
export function filled<const S extends Shape>(shape: S, value: number, dtype: DType = "f32"): Tensor<S> {
  const scalar = constant(
    [value],
    shape.map(() => 1),
    dtype,
  );
  return (
    scalar.shape.every((_, axis) => shape[axis] === 1)
      ? scalar
      : make("expand", [scalar], { shape: [...shape] })
  ) as Tensor<S>;
}
