import {
  type Expr,
  type FunctionBuilder,
  f32x4,
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
  /** The same for one row whose sums are in memory, where `sums` points, and for so many k's of a loop, in straight code. */
  accumulateRow(sums: Local<"i32">, vectors: number, loop: Stride, depth: number): Statements;
}

/**
 * Rows of the register tile by its vectors. V8 keeps 15 vectors in registers and loads what a round needs before it
 * multiplies: rows + vectors + rows x vectors + 1 product have to fit.
 */
const TILE_ROWS: readonly number[] = [0, 4, 4, 2, 2];

export function tileRows(vectors: number): number {
  return TILE_ROWS[vectors] as number;
}

/**
 * sums[row, column] += sum over k of left[row, k] x right[k, column]: one accumulator per element, k ascending.
 * Pointer `a` stands at the first k of the lowest row, `b` at the first k of the first column.
 *
 * V8 11 moves all loads of a straight piece of code to its front, and runs out of registers if there are many. So the loop
 * over k is not unrolled here; V8 does it by itself, keeping the exits between the copies.
 */
export function tiles(builder: FunctionBuilder, pointers: Pointers, fused: boolean): Tiles {
  const MOST_SUMS = 8;
  const MOST_VECTORS = 4;
  const { a, b } = pointers;
  const locals = (length: number) => count(length).map(() => builder.local("v128"));
  const sums = locals(MOST_SUMS);
  const columns = locals(MOST_VECTORS);
  const factor = builder.local("v128");
  const plus = (sum: Expr<"v128">, factor: Vector, column: Expr<"v128">) =>
    fused ? f32x4.relaxed_madd(factor, column, sum) : f32x4.add(sum, f32x4.mul(factor, column));
  return {
    sums,
    accumulate: (rows, vectors, rowStride, loops) => {
      const lowest = reach(rows, rowStride);
      const used = columns.slice(0, vectors);
      return walk(builder, pointers, loops, [
        used.map((column, v) => column.set(v128.load(b, v * VECTOR))),
        count(rows).map((row) => [
          factor.set(v128.load32_splat(a, row * rowStride - lowest)),
          used.map((column, v) => {
            const sum = sums[row * vectors + v] as Vector;
            return sum.set(plus(sum, factor, column));
          }),
        ]),
      ]);
    },
    accumulateRow: (sums, vectors, loop, depth) => {
      const factors = locals(depth);
      const vectorAt = (place: number) => {
        const before: Expr<"v128"> = v128.load(sums, place);
        return factors.reduce(
          (sum, factor, k) => plus(sum, factor, v128.load(b, k * loop.b + place)),
          before,
        );
      };
      return [
        factors.map((factor, k) => factor.set(v128.load32_splat(a, k * loop.a))),
        count(vectors).map((v) => v128.store(sums, vectorAt(v * VECTOR), v * VECTOR)),
      ];
    },
  };
}
