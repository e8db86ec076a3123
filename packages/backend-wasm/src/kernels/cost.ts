import type { Instruction, Kernel } from "@myelin/compiler";

/** Roughly how many instructions a vector of each takes, where it is not one. */
const costs: { readonly [Name in Instruction["op"]]?: number } = {
  constant: 0,
  accumulator: 0,
  divide: 3,
  sqrt: 4,
  exp: 22,
  expm1: 26,
  log: 32,
  log1p: 36,
  tanh: 26,
  sigmoid: 26,
  erfc: 50,
  sin: 45,
  cos: 45,
  random: 100,
};

export function costOf({ op, type }: Instruction): number {
  /** Integers are divided one by one. */
  const INTEGER_DIVISION = 20;
  return op === "divide" && type === "i32" ? INTEGER_DIVISION : (costs[op] ?? 1);
}

/** The cost of everything for one vector: decides how far code is unrolled. */
export function bodyCost({ body, stores }: Kernel): number {
  return body.reduce((sum, instruction) => sum + costOf(instruction), stores.length);
}
