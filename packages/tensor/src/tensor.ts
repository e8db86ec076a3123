import * as elementwise from "./elementwise.js";
import { evaluate } from "./evaluate.js";
import { gather } from "./indexing.js";
import { matmul } from "./matmul.js";
import * as movement from "./movement.js";
import type { OpAttributes, OpName } from "./ops.js";
import * as reduction from "./reduction.js";
import { type DType, formatShape, type Shape } from "./shape.js";
import type { Broadcast, Fits, MatrixProduct, NestedArray, Reshaped, ShapeOf } from "./typed-shape.js";

/**
 * An immutable expression: one primitive op over other tensors. Nothing is computed until a value is asked for
 * (`toArray`, `item`) or a program that contains it is compiled, and nothing has to be disposed.
 *
 * Every method is also a function (`add(a, b)`); methods exist for the operations that read better in a chain.
 */
export class Tensor<out S extends Shape = Shape> {
  declare readonly op: OpName;
  declare readonly inputs: readonly Tensor[];
  declare readonly attributes: OpAttributes[OpName];
  declare readonly shape: S;
  declare readonly dtype: DType;
  /** Paths in the model that wrote this expression; no part of its identity. */
  readonly origins: Set<string> = new Set();

  /** Internal: tensors are made by functions such as `tensor`, `parameter` and `add`. */
  constructor(
    op: OpName,
    inputs: readonly Tensor[],
    attributes: OpAttributes[OpName],
    shape: S,
    dtype: DType,
  ) {
    this.op = op;
    this.inputs = inputs;
    this.attributes = attributes;
    this.shape = shape;
    this.dtype = dtype;
  }

  add<A extends Shape>(this: Tensor<A>, other: number): Tensor<A>;
  add<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & Fits<Broadcast<A, B>>,
  ): Tensor<ShapeOf<Broadcast<A, B>>>;
  add(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.add(this, other as Tensor);
  }

  subtract<A extends Shape>(this: Tensor<A>, other: number): Tensor<A>;
  subtract<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & Fits<Broadcast<A, B>>,
  ): Tensor<ShapeOf<Broadcast<A, B>>>;
  subtract(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.subtract(this, other as Tensor);
  }

  multiply<A extends Shape>(this: Tensor<A>, other: number): Tensor<A>;
  multiply<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & Fits<Broadcast<A, B>>,
  ): Tensor<ShapeOf<Broadcast<A, B>>>;
  multiply(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.multiply(this, other as Tensor);
  }

  divide<A extends Shape>(this: Tensor<A>, other: number): Tensor<A>;
  divide<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & Fits<Broadcast<A, B>>,
  ): Tensor<ShapeOf<Broadcast<A, B>>>;
  divide(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.divide(this, other as Tensor);
  }

  negate<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return elementwise.negate(this);
  }

  /** x², written as a product. */
  square<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return elementwise.square(this);
  }

  /** Matrix product as in NumPy: [.., M, K] x [.., K, N] -> [.., M, N]; vectors lose their axis. */
  matmul<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & Fits<MatrixProduct<A, B>>,
  ): Tensor<ShapeOf<MatrixProduct<A, B>>> {
    return matmul(this as Tensor, other as Tensor) as unknown as Tensor<ShapeOf<MatrixProduct<A, B>>>;
  }

  /** The same elements in row-major order under another shape; one extent may be -1. */
  reshape<const B extends Shape>(shape: B): Tensor<Reshaped<B>> {
    return movement.reshape(this, shape);
  }

  /** Result axis i is axis `order[i]` of this. Default: all axes reversed. */
  transpose(order?: readonly number[]): Tensor {
    return movement.transpose(this, order);
  }

  /** Sum over the given axes (default: all). */
  sum(axes?: number | readonly number[], options?: reduction.ReductionOptions): Tensor {
    return reduction.sum(this, axes, options);
  }

  mean(axes?: number | readonly number[], options?: reduction.ReductionOptions): Tensor {
    return reduction.mean(this, axes, options);
  }

  max(axes?: number | readonly number[], options?: reduction.ReductionOptions): Tensor {
    return reduction.max(this, axes, options);
  }

  min(axes?: number | readonly number[], options?: reduction.ReductionOptions): Tensor {
    return reduction.min(this, axes, options);
  }

  less(other: Tensor | number): Tensor {
    return elementwise.less(this, other);
  }

  lessOrEqual(other: Tensor | number): Tensor {
    return elementwise.lessOrEqual(this, other);
  }

  greater(other: Tensor | number): Tensor {
    return elementwise.greater(this, other);
  }

  greaterOrEqual(other: Tensor | number): Tensor {
    return elementwise.greaterOrEqual(this, other);
  }

  equal(other: Tensor | number): Tensor {
    return elementwise.equal(this, other);
  }

  cast<A extends Shape>(this: Tensor<A>, dtype: DType): Tensor<A> {
    return elementwise.cast(this, dtype);
  }

  stopGradient<A extends Shape>(this: Tensor<A>): Tensor<A> {
    return elementwise.stopGradient(this);
  }

  /** Rows of this table by index: shape [...indices.shape, ...this.shape.slice(1)]. */
  gather(indices: Tensor): Tensor {
    return gather(this, indices);
  }

  /** The values as nested arrays, computed now (in float32, by the interpreter). A scalar gives a number. */
  toArray<A extends Shape>(this: Tensor<A>): NestedArray<A> {
    return evaluate(this) as NestedArray<A>;
  }

  /** The value of a tensor with one element. */
  item(): number {
    return evaluate(movement.reshape(this, [])) as number;
  }

  toString(): string {
    return `Tensor(${this.op}, ${formatShape(this.shape)}, ${this.dtype})`;
  }
}
