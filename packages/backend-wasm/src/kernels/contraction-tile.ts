import {
  block,
  brIf,
  type FunctionBuilder,
  f32x4,
  i32,
  type Label,
  type Local,
  type Statements,
  v128,
} from "../assembler/index.js";
import { VECTOR } from "./contraction-plan.js";
import { count } from "./position.js";
import { type Pointers, reach, type Stride, walk } from "./walk.js";

type Vector = Local<"v128">;

/** Registers for tiles of all sizes: a function works at one tile at a time. */
export interface Tiles {
  /** Row by row, vector by vector. */
  readonly sums: readonly Vector[];
  /** `rowStride`: bytes from one row of the left operand to the next. `loops` over k move `a` through it, `b` through the panel. */
  accumulate(rows: number, vectors: number, rowStride: number, loops: readonly Stride[]): Statements;
}

/**
 * Rows of the register tile by its vectors, 1 for very wide ones. V8 keeps 15 vectors in registers and loads what a round
 * needs before it multiplies: rows + vectors + rows x vectors + 1 product have to fit.
 */
const TILE_ROWS: readonly number[] = [0, 4, 4, 2, 2];

export function tileRows(vectors: number): number {
  return TILE_ROWS[vectors] ?? 1;
}

/**
 * sums[row, column] += sum over k of left[row, k] x right[k, column]: one accumulator per element, k ascending.
 * Pointer `a` stands at the first k of the lowest row, `b` at the first k of the first column.
 *
 * V8 11 moves all loads of a straight piece of code to its front. So the loop is not unrolled here (V8 does it by itself,
 * keeping the exits between the copies), and a wide tile is divided into pieces by exits that are never taken. Without
 * them it runs out of registers, at half the speed. The exits leave the loop: sums could be moved across others.
 */
export function tiles(builder: FunctionBuilder, pointers: Pointers, fused: boolean): Tiles {
  const MOST_SUMS = 8;
  /** Vectors of columns that are loaded together. */
  const PIECE = 4;
  const { a, b } = pointers;
  const locals = (length: number) => count(length).map(() => builder.local("v128"));
  const sums = locals(MOST_SUMS);
  const columns = locals(PIECE);
  const factor = builder.local("v128");
  const product = (sum: Vector, column: Vector) =>
    fused ? f32x4.relaxed_madd(factor, column, sum) : f32x4.add(sum, f32x4.mul(factor, column));
  return {
    sums,
    accumulate: (rows, vectors, rowStride, loops) => {
      const lowest = reach(rows, rowStride);
      const round = (exit?: Label): Statements[] => {
        const code: Statements[] = [];
        for (let first = 0; first < vectors; first += PIECE) {
          const piece = columns.slice(0, vectors - first);
          code.push(piece.map((column, v) => column.set(v128.load(b, (first + v) * VECTOR))));
          for (let row = 0; row < rows; row++) {
            // The factor of a single row is still there from the first piece.
            if (rows > 1 || first === 0)
              code.push(factor.set(v128.load32_splat(a, row * rowStride - lowest)));
            piece.forEach((column, v) => {
              const sum = sums[row * vectors + first + v] as Vector;
              code.push(sum.set(product(sum, column)));
            });
          }
          if (exit) code.push(brIf(exit, i32.eqz(b)));
        }
        return code;
      };
      if (vectors <= PIECE) return walk(builder, pointers, loops, round());
      return block((exit) => walk(builder, pointers, loops, round(exit)));
    },
  };
}
