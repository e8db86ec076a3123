import { STEP_SPREAD, THREEFRY_PARITY, THREEFRY_ROTATIONS } from "@myelin/tensor";
import { f32x4, i32, i32x4, v128 } from "../assembler/index.js";
import type { Vector, VectorContext } from "../vector-math/index.js";

/**
 * Four of `uniform(seed, stream, element, stepLow, stepHigh)` of @myelin/tensor, bit for bit: Threefry-2x32 with 20 rounds.
 * Operands, four i32 each: seed, stepLow, stepHigh, element.
 */
export function emitUniform(
  { constant, integer, keep, emit }: VectorContext,
  stream: number,
  operands: readonly Vector[],
): Vector {
  const [seed, stepLow, stepHigh, element] = operands as [Vector, Vector, Vector, Vector];
  const key0 = keep(seed);
  const key1 = keep(i32x4.add(integer(stream | 0), i32x4.mul(stepHigh, integer(STEP_SPREAD | 0))));
  const key2 = keep(v128.xor(v128.xor(key0, key1), integer(THREEFRY_PARITY)));
  const key = (i: number) => [key0, key1, key2][i % 3] as Vector;
  const x = keep(i32x4.add(element, key0));
  const y = keep(i32x4.add(stepLow, key1));
  for (let round = 0; round < 20; round++) {
    const rotation = THREEFRY_ROTATIONS[round % 8] as number;
    const rotated = v128.or(i32x4.shl(y, i32.const(rotation)), i32x4.shr_u(y, i32.const(32 - rotation)));
    emit(x.set(i32x4.add(x, y)), y.set(v128.xor(rotated, x)));
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      const second = i32x4.add(y, key(injection + 1));
      emit(x.set(i32x4.add(x, key(injection))), y.set(i32x4.add(second, integer(injection))));
    }
  }
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(x, i32.const(8))), constant(2 ** -24));
}
