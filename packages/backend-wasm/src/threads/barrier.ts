import type { Expr, Func, Global, ModuleBuilder } from "../assembler/index.js";
import { atomicOpcodes } from "./atomic.js";
import type { Toolbox } from "./toolbox.js";

/**
 * Byte addresses of what threads of one memory agree on, in the page that the heap leaves free, each on cache lines of its
 * own: how many arrivals at barriers there were, and how many threads sleep.
 */
export const ARRIVED = 128;
export const SLEEPERS = 256;

export interface Barrier {
  /** The number of arrivals that the next barrier starts from. */
  readonly goal: Global<"i32">;
  /** Returns when as many threads as there are have called it. */
  readonly function: Func<["i32"], "void">;
}

/**
 * Arrivals are counted and never counted back: a barrier is passed once the count has reached a goal that every thread
 * works out by itself. Nobody has to be told that a barrier may be used again. The count wraps; differences do not.
 * `sleep(goal)` returns when the goal is reached.
 */
export function emitBarrier(
  module: ModuleBuilder,
  sleep: Func<["i32"], "void">,
  { drop, forRange, i32, instructions, ret, when }: Toolbox,
): Barrier {
  /** About 100 us of looking at a number, before a thread sleeps. (A sleeping thread needs 30 us to wake.) */
  const SPINS = 200_000;
  const atomic = instructions(atomicOpcodes, 0xfe);
  const goal = module.global("i32", i32.const(0));
  const zero = i32.const(0);
  const plus = (a: Expr<"i32">, b: Expr<"i32">) => i32.add(a, b);
  const barrier = module.function("barrier", ["i32"], "void", (builder, threads) => [
    goal.set(plus(goal, threads)),
    when(i32.eq(plus(atomic.add(zero, i32.const(1), ARRIVED), i32.const(1)), goal), [
      when(atomic.load(zero, SLEEPERS), drop(atomic.notify(zero, i32.const(-1), ARRIVED))),
      ret(),
    ]),
    forRange(
      builder.local("i32"),
      { to: SPINS },
      when(i32.ge_s(i32.sub(atomic.load(zero, ARRIVED), goal), zero), ret()),
    ),
    sleep.call(goal),
  ]);
  return { goal, function: barrier };
}
