import type { BinaryOperation, Comparison, UnaryOperation, ValueType } from "@myelin/compiler";
import { type Expr, f32x4, i32, i32x4, type Local, type Statements, v128 } from "../assembler/index.js";
import {
  cos,
  erf,
  exp,
  expm1,
  floor,
  log,
  log1p,
  sigmoid,
  sin,
  sqrt,
  tanh,
  type VectorContext,
  type VectorFunction,
} from "../vector-math/index.js";

type Vector = Expr<"v128">;

export const floatUnary: { readonly [Name in UnaryOperation]: VectorFunction } = {
  exp,
  expm1,
  log,
  log1p,
  sqrt,
  tanh,
  sigmoid,
  erf,
  sin,
  cos,
  floor,
  negate: (_, x) => f32x4.neg(x),
  absolute: (_, x) => f32x4.abs(x),
};

/** The other functions do not exist for integers. */
export const integerUnary: { readonly [Name in UnaryOperation]?: VectorFunction } = {
  floor: (_, x) => x,
  negate: (_, x) => i32x4.neg(x),
  absolute: (_, x) => i32x4.abs(x),
};

export const floatBinary: {
  readonly [Name in Exclude<BinaryOperation, "maximum" | "minimum">]: (a: Vector, b: Vector) => Vector;
} = {
  add: f32x4.add,
  subtract: f32x4.sub,
  multiply: f32x4.mul,
  divide: f32x4.div,
};

/**
 * The larger one; NaN if either is. `pmax` passes NaN on the left, and all bits set are a NaN: three instructions, where
 * `f32x4.max` takes eight, since it also cares about the sign of zeros.
 */
export function maximum(a: Vector, b: Local<"v128">): Vector {
  return v128.or(f32x4.pmax(a, b.get()), f32x4.ne(b.get(), b.get()));
}

export function minimum(a: Vector, b: Local<"v128">): Vector {
  return v128.or(f32x4.pmin(a, b.get()), f32x4.ne(b.get(), b.get()));
}

export const integerBinary: {
  readonly [Name in Exclude<BinaryOperation, "divide">]: (a: Vector, b: Vector) => Vector;
} = {
  add: i32x4.add,
  subtract: i32x4.sub,
  multiply: i32x4.mul,
  maximum: i32x4.max_s,
  minimum: i32x4.min_s,
};

const floatComparison = { less: f32x4.lt, lessOrEqual: f32x4.le, equal: f32x4.eq } as const;
const integerComparison = { less: i32x4.lt_s, lessOrEqual: i32x4.le_s, equal: i32x4.eq } as const;

export function compare(comparison: Comparison, type: ValueType, a: Vector, b: Vector): Vector {
  return (type === "f32" ? floatComparison : integerComparison)[comparison](a, b);
}

/** f32 to i32 truncates and saturates; a mask becomes 1 or 0. */
export function cast(context: VectorContext, from: ValueType, to: "f32" | "i32", x: Vector): Vector {
  if (from === to) return x;
  if (from === "bool") return v128.and(x, to === "f32" ? context.constant(1) : context.integer(1));
  return to === "f32" ? f32x4.convert_i32x4_s(x) : i32x4.trunc_sat_f32x4_s(x);
}

/**
 * Quotients of integers, towards zero; x / 0 = 0, and the lowest number / -1 is itself: both would trap. Lane by lane,
 * since there is no instruction for four.
 */
export function divideIntegers(
  context: VectorContext,
  left: Local<"v128">,
  right: Local<"v128">,
): { readonly statements: Statements; readonly quotient: Vector } {
  const quotient = context.local();
  const safe = context.local();
  const [a, b] = [left.get(), right.get()];
  // Of all integers only -1 and 0 are at most 1 when 1 is added, read as unsigned.
  const special = i32x4.le_u(i32x4.add(b, context.integer(1)), context.integer(1));
  const lane = (i: number) => i32.div_s(i32x4.extract_lane(a, i), i32x4.extract_lane(safe.get(), i));
  return {
    statements: [
      safe.set(v128.bitselect(context.integer(1), b, special)),
      quotient.set(i32x4.splat(lane(0))),
      [1, 2, 3].map((i) => quotient.set(i32x4.replace_lane(quotient.get(), lane(i), i))),
    ],
    quotient: v128.andnot(
      v128.bitselect(i32x4.neg(a), quotient.get(), i32x4.eq(b, context.integer(-1))),
      i32x4.eq(b, context.integer(0)),
    ),
  };
}
