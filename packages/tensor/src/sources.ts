import { axesOf } from "./axes.js";
import { ArgumentError } from "./errors.js";
import { make } from "./make.js";
import { broadcastTo } from "./movement.js";
import type { ConstantData } from "./ops.js";
import { type DType, formatShape, type Shape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { want, wantShape } from "./want.js";

type Vector = readonly number[];
type Matrix = readonly (readonly number[])[];

/** Typed arrays of these kinds are kept as they are, Float32Array too. Float64Array: the f64 interpreter is exact. */
const storage: Partial<Record<DType, typeof Int32Array | typeof Uint8Array>> = {
  i32: Int32Array,
  u8: Uint8Array,
};

/**
 * A constant from flat values in row-major order and their shape: what `tensor` makes, for programs that need no nested
 * arrays.
 */
export function tensorOf(values: Vector | ConstantData, shape: Shape, dtype: DType = "f32"): Tensor {
  want(typeof (values[0] ?? 0) === "number", "tensor", "numbers", values);
  const own = wantShape("tensor", shape);
  const size = sizeOf(shape);
  const expected = `${size} values for shape ${formatShape(shape)}`;
  want(values.length === size, "tensor", expected, `${values.length} values`);
  const Kind = storage[dtype] ?? Float64Array;
  const kept = values instanceof Kind || (dtype === "f32" && values instanceof Float32Array);
  const data = kept ? values : Kind.from(values as ArrayLike<number>);
  return make("constant", [], { data, shape: own, dtype }, "tensor");
}

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
  if (Array.isArray(shapeOrDtype)) return tensorOf(value as Vector | ConstantData, shapeOrDtype, dtype);
  // A DataView is a view, too, but no list of numbers.
  if (ArrayBuffer.isView(value) && "length" in value)
    return tensorOf(value, [value.length], shapeOrDtype as DType | undefined);
  const shape: number[] = [];
  for (let level = value as NestedInput | undefined; typeof level === "object" && level; level = level[0])
    shape.push(level.length);
  const flat: number[] = [];
  const flatten = (level: NestedInput, depth: number): void => {
    // A number has no length.
    const length = (level as { readonly length?: number } | null)?.length;
    if (length !== shape[depth]) {
      const expected = `${entries(shape[depth])} in every row at depth ${depth}`;
      throw new ArgumentError("tensor", expected, entries(length), "All rows need the same length.");
    }
    if (length === undefined) {
      want(typeof level === "number", "tensor", "numbers", level);
      flat.push(level);
    } else for (const entry of level as readonly NestedInput[]) flatten(entry, depth + 1);
  };
  flatten(value as NestedInput, 0);
  return tensorOf(flat, shape, shapeOrDtype as DType | undefined);
}

export type NestedInput = number | readonly NestedInput[];

function entries(length: number | undefined): string {
  return length === undefined ? "a number" : `${length} entries`;
}

/** A value that persists between steps and that `assign` may write: a weight, an optimizer slot, a counter, a data set. */
export function parameter<const S extends Shape>(name: string, shape: S, dtype: DType = "f32"): Tensor<S> {
  return make("parameter", [], { name, shape: wantShape("parameter", shape), dtype }) as Tensor<S>;
}

/** A value that is given anew for every run of a program. */
export function input<const S extends Shape>(name: string, shape: S, dtype: DType = "f32"): Tensor<S> {
  return make("input", [], { name, shape: wantShape("input", shape), dtype }) as Tensor<S>;
}

/** i32 counting 0, 1, 2, ... along one axis (default: the last). */
export function iota<const S extends Shape>(shape: S, axis = -1): Tensor<S> {
  const own = wantShape("iota", shape);
  const [along] = axesOf("iota", { shape: own }, axis) as [number];
  return make("iota", [], { shape: own, axis: along }) as Tensor<S>;
}

/**
 * Uniform numbers in [0, 1). `key` is an i32 tensor of shape [3]: seed, low and high word of the step. `stream` is a
 * 32-bit number that differs for every use (see `streamOf`). Element i is `uniform(seed, stream, i, step)`.
 */
export function random<const S extends Shape>(key: Tensor, shape: S, stream: number): Tensor<S> {
  return make("random", [key], { shape: wantShape("random", shape), stream: stream | 0 }) as Tensor<S>;
}

/** A tensor of zeros; no memory is used for it. */
export function zeros<const S extends Shape>(shape: S, dtype: DType = "f32"): Tensor<S> {
  return filled(wantShape("zeros", shape), 0, dtype) as Tensor<S>;
}

/** A tensor of ones; no memory is used for it. */
export function ones<const S extends Shape>(shape: S, dtype: DType = "f32"): Tensor<S> {
  return filled(wantShape("ones", shape), 1, dtype) as Tensor<S>;
}

/** A tensor with one value everywhere; no memory is used for it. */
export function filled<const S extends Shape>(shape: S, value: number, dtype: DType = "f32"): Tensor<S> {
  const ones = wantShape("filled", shape).map(() => 1);
  return broadcastTo(tensorOf([value], ones, dtype), shape);
}
