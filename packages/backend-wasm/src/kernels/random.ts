import { STEP_SPREAD, THREEFRY_PARITY, THREEFRY_ROTATIONS } from "@myelin/tensor";
import { type Expr, f32x4, i32, i32x4, type Local, type Statements, v128 } from "../assembler/index.js";
import type { VectorContext } from "../vector-math/index.js";

/** What `uniform` of @myelin/tensor is a function of; four i32 each. */
export interface RandomOperands {
  readonly stream: number;
  readonly seed: Local<"v128">;
  readonly stepLow: Expr<"v128">;
  readonly stepHigh: Expr<"v128">;
  readonly element: Expr<"v128">;
}

/** Four of `uniform(seed, stream, element, stepLow, stepHigh)`, bit for bit: Threefry-2x32 with 20 rounds. */
export function emitUniform(
  context: VectorContext,
  { stream, seed, stepLow, stepHigh, element }: RandomOperands,
): { readonly statements: Statements; readonly uniform: Expr<"v128"> } {
  const { integer, local } = context;
  const [x, y, key1, key2] = [local(), local(), local(), local()];
  const keys = [seed, key1, key2];
  const statements: Statements[] = [
    key1.set(i32x4.add(integer(stream | 0), i32x4.mul(stepHigh, integer(STEP_SPREAD | 0)))),
    key2.set(v128.xor(v128.xor(seed.get(), key1.get()), integer(THREEFRY_PARITY))),
    x.set(i32x4.add(element, seed.get())),
    y.set(i32x4.add(stepLow, key1.get())),
  ];
  for (let round = 0; round < 20; round++) {
    const rotation = THREEFRY_ROTATIONS[round % 8] as number;
    const left = i32x4.shl(y.get(), i32.const(rotation));
    const right = i32x4.shr_u(y.get(), i32.const(32 - rotation));
    statements.push(x.set(i32x4.add(x.get(), y.get())), y.set(v128.xor(v128.or(left, right), x.get())));
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      const key = (i: number) => (keys[i % 3] as Local<"v128">).get();
      statements.push(
        x.set(i32x4.add(x.get(), key(injection))),
        y.set(i32x4.add(i32x4.add(y.get(), key(injection + 1)), integer(injection))),
      );
    }
  }
  const bits = i32x4.shr_u(x.get(), i32.const(8));
  return { statements, uniform: f32x4.mul(f32x4.convert_i32x4_s(bits), context.constant(2 ** -24)) };
}
