import { complementaryErrorFunction } from "./complementary-error-function.js";
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
 * wraps the result. True is 1.
 */
export const scalars: Scalars = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  erfc: complementaryErrorFunction,
  sin: Math.sin,
  cos: Math.cos,
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
  return Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}
