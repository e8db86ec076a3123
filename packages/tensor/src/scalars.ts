import { complementaryErrorFunction } from "./complementary-error-function.js";
import {
  cosine,
  exponential,
  exponentialMinusOne,
  hyperbolicTangent,
  logarithmOfOnePlus,
  logisticSigmoid,
  naturalLogarithm,
  sine,
} from "./elementary.js";
import type { OpAttributes } from "./ops.js";

export type UnaryName =
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "erfc"
  | "sin"
  | "cos"
  | "floor";
export type BinaryName = "add" | "multiply" | "divide" | "maximum" | "minimum";
export type Comparison = OpAttributes["compare"]["comparison"];

/** The meanings of the element-wise ops, by name. */
export type Scalars = Readonly<
  Record<UnaryName, (x: number) => number> &
    Record<BinaryName | Comparison, (a: number, b: number) => number> &
    Record<"select", (condition: number, yes: number, no: number) => number>
>;

/**
 * What the element-wise ops, and the comparisons, mean for single numbers, in f64; who computes in f32 or i32 rounds or
 * wraps the result. True is 1. No function is one that engines round as they like.
 */
export const scalars: Scalars = {
  exp: exponential,
  expm1: exponentialMinusOne,
  log: naturalLogarithm,
  log1p: logarithmOfOnePlus,
  sqrt: Math.sqrt,
  tanh: hyperbolicTangent,
  sigmoid: logisticSigmoid,
  erfc: complementaryErrorFunction,
  sin: sine,
  cos: cosine,
  floor: Math.floor,
  add: (a, b) => a + b,
  /** Of two i32: `Math.imul`, because f64 does not hold all of their products. */
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  less: (a, b) => Number(a < b),
  lessOrEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
  select: (condition, yes, no) => (condition === 0 ? no : yes),
};

/** From f32 to i32: towards zero, clamped to 32 bits, NaN becomes 0 (i32.trunc_sat of WebAssembly). */
export function saturated(x: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, x)) | 0;
}
