import { make } from "./make.js";
import { broadcastTo } from "./movement.js";
import type { NoAttributes } from "./ops.js";
import type { BinaryName, Comparison, UnaryName } from "./scalars.js";
import { broadcastShapes, type DType, type Shape } from "./shape.js";
import { filled } from "./sources.js";
import type { Tensor } from "./tensor.js";
import type { Broadcast, Fits, ShapeOf } from "./typed-shape.js";
import { want, wantTensor } from "./want.js";

/** A tensor, or a number that takes the other operand's shape and dtype. */
export type Operand = Tensor | number;

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
/** Complementary error function, 1 - erf(x), accurate where that difference would be 0. */
export const erfc = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("erfc", x);
/** Sine of radians. */
export const sin = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("sin", x);
/** Cosine of radians. */
export const cos = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("cos", x);
/** Largest whole number at or below x; the gradient is 0. */
export const floor = <S extends Shape>(x: Tensor<S>): Tensor<S> => unary("floor", x);

/**
 * Operands at one shape; a number becomes a constant of the dtype of the tensor beside it. Shapes that do not fit stay as
 * they are: the rule of the op says so.
 */
function aligned(operation: string, ...operands: readonly Operand[]): readonly Tensor[] {
  let shape: Shape | undefined = [];
  let dtype: DType = "f32";
  for (const operand of operands) {
    if (typeof operand === "number") continue;
    wantTensor(operation, operand);
    shape = shape && broadcastShapes(shape, operand.shape);
    dtype = operand.dtype;
  }
  return operands.map((operand) => {
    if (typeof operand === "number") return filled(shape as Shape, operand, dtype);
    return shape ? broadcastTo(operand, shape) : operand;
  });
}

function binary(op: BinaryName, a: Operand, b: Operand, operation: string = op): Tensor {
  return make(op, aligned(operation, a, b), none, operation);
}

function compare(comparison: Comparison, a: Operand, b: Operand, operation: string = comparison): Tensor {
  return make("compare", aligned(operation, a, b), { comparison }, operation);
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
  return binary("add", a, b);
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
  if (typeof b === "number") return binary("add", a, -b, "subtract");
  const [left, right] = aligned("subtract", a, b) as [Tensor, Tensor];
  return make("add", [left, negate(right)], none, "subtract");
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
  return binary("multiply", a, b);
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
  return binary("divide", a, b);
}

/** The larger; at ties the gradient goes to `a`. NaN passes through. */
export const maximum = (a: Operand, b: Operand): Tensor => binary("maximum", a, b);
/** The smaller; at ties the gradient goes to `a`. NaN passes through. */
export const minimum = (a: Operand, b: Operand): Tensor => binary("minimum", a, b);
/** Everything below `low` becomes `low`, everything above `high` becomes `high`; the gradient is 0 outside. */
export function clip<S extends Shape>(x: Tensor<S>, low: number, high: number): Tensor<S> {
  wantTensor("clip", x);
  return binary("minimum", binary("maximum", x, low, "clip"), high, "clip") as Tensor<S>;
}

export const less = (a: Operand, b: Operand): Tensor => compare("less", a, b);
export const lessOrEqual = (a: Operand, b: Operand): Tensor => compare("lessOrEqual", a, b);
export const greater = (a: Operand, b: Operand): Tensor => compare("less", b, a, "greater");
export const greaterOrEqual = (a: Operand, b: Operand): Tensor =>
  compare("lessOrEqual", b, a, "greaterOrEqual");
export const equal = (a: Operand, b: Operand): Tensor => compare("equal", a, b);

/** `yes` where the condition holds, else `no`; all three broadcast. The gradient of the branch not taken is 0. */
export function select(condition: Tensor, yes: Operand, no: Operand): Tensor {
  return make("select", aligned("select", condition, ...aligned("select", yes, no)), none);
}

export function negate<S extends Shape>(x: Tensor<S>): Tensor<S> {
  wantTensor("negate", x);
  return multiply(x, -1);
}

/** x². */
export function square<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return make("multiply", [x, x], none, "square") as Tensor<S>;
}

/** |x|; the gradient at 0 is 0. */
export function absolute<S extends Shape>(x: Tensor<S>): Tensor<S> {
  wantTensor("absolute", x);
  return select(lessOrEqual(x, 0), select(equal(x, 0), 0, negate(x)), x) as Tensor<S>;
}

/** -1, 0 or 1; the gradient is 0 everywhere. */
export function sign<S extends Shape>(x: Tensor<S>): Tensor<S> {
  wantTensor("sign", x);
  return select(less(x, 0), -1, select(less(0, x), 1, multiply(stopGradient(x), 0))) as Tensor<S>;
}

/** Converts to f32, to i32 (towards zero), or to bool (whatever is not 0 is true). Gradients flow only from f32 to f32. */
export function cast<S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S> {
  if (dtype === x?.dtype) return x;
  // Not whether it is equal to 0, so that NaN is true.
  if (dtype === "bool")
    return equal(cast(equal(x.dtype === "u8" ? cast(x, "i32") : x, 0), "i32"), 0) as Tensor<S>;
  return make("cast", [x], { dtype }) as Tensor<S>;
}

/** The same value, through which no gradient flows. */
export function stopGradient<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return make("stopGradient", [x], none) as Tensor<S>;
}

/** Writes `value` into `parameter` at the end of the step that contains the result. */
export function assign(parameter: Tensor, value: Tensor): Tensor {
  want(parameter?.op === "parameter", "assign", "a parameter to write to", parameter?.op);
  return make("assign", [parameter, value], none);
}
