import { ArgumentError, ShapeError } from "./errors.js";
import { make } from "./make.js";
import { broadcastTo } from "./movement.js";
import type { NoAttributes, OpAttributes } from "./ops.js";
import { currentOrigin } from "./origin.js";
import { broadcastShapes, type DType, type Shape } from "./shape.js";
import { filled } from "./sources.js";
import { Tensor } from "./tensor.js";
import type { Broadcast, Fits, ShapeOf } from "./typed-shape.js";

/** A tensor, or a number that takes the other operand's shape and dtype. */
export type Operand = Tensor | number;

type UnaryName =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "sin"
  | "cos"
  | "floor";
type BinaryName = "add" | "multiply" | "divide" | "maximum" | "minimum" | "compare";

const none: NoAttributes = {};

function unary<S extends Shape>(op: UnaryName, x: Tensor<S>): Tensor<S> {
  return make(op, [x], none) as Tensor<S>;
}

/** e^x. */
export const exp = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("exp", x);
/** e^x - 1, accurate near 0. */
export const expm1 = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("expm1", x);
/** Natural logarithm; log(0) = -Infinity, NaN below 0. */
export const log = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("log", x);
/** log(1 + x), accurate near 0. */
export const log1p = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("log1p", x);
export const sqrt = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("sqrt", x);
/** Hyperbolic tangent; the gradient is 1 - y². */
export const tanh = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("tanh", x);
/** 1 / (1 + e^-x); the gradient is y (1 - y). */
export const sigmoid = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("sigmoid", x);
/** Error function. */
export const erf = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("erf", x);
/** Sine of radians. */
export const sin = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("sin", x);
/** Cosine of radians. */
export const cos = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("cos", x);
/** Largest whole number at or below x; the gradient is 0. */
export const floor = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("floor", x);

/** Broadcasts two operands to one shape; a number becomes a constant of the other's dtype. */
function aligned(operation: string, a: Operand, b: Operand): readonly [Tensor, Tensor] {
  if (typeof a === "number" && typeof b === "number") return [filled([], a), filled([], b)];
  if (typeof a === "number") return [like(a, b as Tensor), b as Tensor];
  if (typeof b === "number") return [a, like(b, a)];
  wantTensor(operation, a);
  wantTensor(operation, b);
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined) {
    throw new ShapeError({
      operation,
      expected: "shapes that broadcast (equal extents, or 1, from the last axis on)",
      received: [a.shape, b.shape],
      path: currentOrigin(),
      hint: "Use reshape to add axes of extent 1, or transpose.",
    });
  }
  return [broadcastTo(a, shape), broadcastTo(b, shape)];
}

function like(value: number, other: Tensor): Tensor {
  return filled(other.shape, value, other.dtype);
}

function wantTensor(operation: string, value: unknown): void {
  if (!(value instanceof Tensor))
    throw new ArgumentError(operation, "a tensor or a number", value, "Wrap data with tensor(...).");
}

function binary<Name extends BinaryName>(
  op: Name,
  operation: string,
  a: Operand,
  b: Operand,
  attributes: OpAttributes[Name],
): Tensor {
  return make(op, aligned(operation, a, b), attributes);
}

/** a + b, broadcast as in NumPy. */
export function add<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Fits<Broadcast<A, B>>,
): Tensor<ShapeOf<Broadcast<A, B>>>;
export function add<A extends Shape>(a: Tensor<A>, b: number): Tensor<A>;
export function add<B extends Shape>(a: number, b: Tensor<B>): Tensor<B>;
export function add<A extends Shape, B extends Shape>(
  a: Tensor<A> | number,
  b: (Tensor<B> | number) & Fits<Broadcast<A, B>>,
): Tensor;
export function add(a: Operand, b: Operand): Tensor {
  return binary("add", "add", a, b, none);
}

/** a - b, broadcast as in NumPy. */
export function subtract<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Fits<Broadcast<A, B>>,
): Tensor<ShapeOf<Broadcast<A, B>>>;
export function subtract<A extends Shape>(a: Tensor<A>, b: number): Tensor<A>;
export function subtract<B extends Shape>(a: number, b: Tensor<B>): Tensor<B>;
export function subtract<A extends Shape, B extends Shape>(
  a: Tensor<A> | number,
  b: (Tensor<B> | number) & Fits<Broadcast<A, B>>,
): Tensor;
export function subtract(a: Operand, b: Operand): Tensor {
  if (typeof b === "number") return add(a, -b);
  const [left, right] = aligned("subtract", a, b);
  return make("add", [left, negate(right)], none);
}

/** a b, element by element, broadcast as in NumPy. */
export function multiply<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Fits<Broadcast<A, B>>,
): Tensor<ShapeOf<Broadcast<A, B>>>;
export function multiply<A extends Shape>(a: Tensor<A>, b: number): Tensor<A>;
export function multiply<B extends Shape>(a: number, b: Tensor<B>): Tensor<B>;
export function multiply<A extends Shape, B extends Shape>(
  a: Tensor<A> | number,
  b: (Tensor<B> | number) & Fits<Broadcast<A, B>>,
): Tensor;
export function multiply(a: Operand, b: Operand): Tensor {
  return binary("multiply", "multiply", a, b, none);
}

/** a / b, element by element, broadcast as in NumPy. */
export function divide<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Fits<Broadcast<A, B>>,
): Tensor<ShapeOf<Broadcast<A, B>>>;
export function divide<A extends Shape>(a: Tensor<A>, b: number): Tensor<A>;
export function divide<B extends Shape>(a: number, b: Tensor<B>): Tensor<B>;
export function divide<A extends Shape, B extends Shape>(
  a: Tensor<A> | number,
  b: (Tensor<B> | number) & Fits<Broadcast<A, B>>,
): Tensor;
export function divide(a: Operand, b: Operand): Tensor {
  return binary("divide", "divide", a, b, none);
}

/** The larger; at ties the gradient goes to `a`. NaN passes through. */
export const maximum = (a: Operand, b: Operand): Tensor => binary("maximum", "maximum", a, b, none);
/** The smaller; at ties the gradient goes to `a`. NaN passes through. */
export const minimum = (a: Operand, b: Operand): Tensor => binary("minimum", "minimum", a, b, none);
/** Everything below `low` becomes `low`, everything above `high` becomes `high`; the gradient is 0 outside. */
export function clip<S extends Shape>(x: Tensor<S>, low: number, high: number): Tensor<S> {
  return minimum(maximum(x, low), high) as Tensor<S>;
}

export const less = (a: Operand, b: Operand): Tensor =>
  binary("compare", "less", a, b, { comparison: "less" });
export const lessOrEqual = (a: Operand, b: Operand): Tensor =>
  binary("compare", "lessOrEqual", a, b, { comparison: "lessOrEqual" });
export const greater = (a: Operand, b: Operand): Tensor => less(b, a);
export const greaterOrEqual = (a: Operand, b: Operand): Tensor => lessOrEqual(b, a);
export const equal = (a: Operand, b: Operand): Tensor =>
  binary("compare", "equal", a, b, { comparison: "equal" });

/** `yes` where the condition holds, else `no`; all three broadcast. The gradient of the branch not taken is 0. */
export function select(condition: Tensor, yes: Operand, no: Operand): Tensor {
  const dtype = typeof yes === "number" ? (typeof no === "number" ? "f32" : no.dtype) : yes.dtype;
  const branches = [yes, no].map((branch) =>
    typeof branch === "number" ? filled([], branch, dtype) : branch,
  );
  const [a, b] = aligned("select", branches[0] as Tensor, branches[1] as Tensor);
  const shape = broadcastShapes(condition.shape, a.shape);
  if (shape === undefined) {
    throw new ShapeError({
      operation: "select",
      expected: "a condition that broadcasts with both branches",
      received: [condition.shape, a.shape],
      path: currentOrigin(),
    });
  }
  return make("select", [broadcastTo(condition, shape), broadcastTo(a, shape), broadcastTo(b, shape)], none);
}

export function negate<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return multiply(x, -1);
}

/** x². */
export function square<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return make("multiply", [x, x], none) as Tensor<S>;
}

/** |x|; the gradient at 0 is 0. */
export function absolute<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return select(lessOrEqual(x, 0), select(equal(x, 0), 0, negate(x)), x) as Tensor<S>;
}

/** -1, 0 or 1; the gradient is 0 everywhere. */
export function sign<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return select(less(x, 0), -1, select(less(0, x), 1, multiply(stopGradient(x), 0))) as Tensor<S>;
}

/** Converts; f32 to i32 truncates towards zero. Gradients flow only from f32 to f32. */
export function cast<S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S> {
  return x.dtype === dtype ? x : (make("cast", [x], { dtype }) as Tensor<S>);
}

/** The same value, through which no gradient flows. */
export function stopGradient<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return make("stopGradient", [x], none) as Tensor<S>;
}

/** Writes `value` into `parameter` at the end of the step that contains the result. */
export function assign(parameter: Tensor, value: Tensor): Tensor {
  return make("assign", [parameter, value], none);
}
