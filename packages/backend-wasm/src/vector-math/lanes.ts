import { i8x16 } from "../assembler/index.js";
import type { Vector } from "./vector-context.js";

/** Four 32-bit lanes of two vectors; 4 to 7 are those of the second. Vectors are written twice: they should be locals. */
export function lanesOf(x: Vector, y: Vector, choice: readonly number[]): Vector {
  const bytes = choice.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
  return i8x16.shuffle(x, y, bytes);
}
