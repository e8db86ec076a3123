import { type Expr, type FunctionBuilder, f32x4, type Local, type Statements, v128 } from "../assembler/index.js";
import { type Pointers, reach, type Stride, walk } from "./walk.js";

/** The registers of a tile. Tiles of all sizes share them: a function works at one tile at a time. */
export interface TileRegisters {
  readonly sums: readonly Local<"v128">[];
  readonly columns: readonly Local<"v128">[];
  readonly factor: Local<"v128">;
}

export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  /** Bytes from one row of the left operand to the next. */
  readonly rowStride: number;
  /** Loops over k, in bytes: `a` moves through the left operand, `b` through the panel. */
  readonly loops: readonly Stride[];
}

export function tileRegisters(
  builder: FunctionBuilder,
  tiles: readonly { readonly tileRows: number; readonly vectors: number }[],
): TileRegisters {
  const locals = (count: number) => Array.from({ length: count }, () => builder.local("v128"));
  return {
    sums: locals(Math.max(...tiles.map(({ tileRows, vectors }) => tileRows * vectors))),
    columns: locals(Math.max(...tiles.map(({ vectors }) => vectors))),
    factor: builder.local("v128"),
  };
}

/**
 * sums[row, column] += sum over k of left[row, k] x right[k, column]: one accumulator per element, k ascending.
 * Pointer `a` stands at the first k of the lowest row, `b` at the first k of the first column.
 *
 * The loop is not unrolled: V8 11 does that by itself, keeping the exits between the copies. A longer straight piece runs at
 * half the speed there, because V8 moves all loads of a piece to its front and then has not enough registers.
 */
export function accumulate(
  builder: FunctionBuilder,
  { sums, columns, factor }: TileRegisters,
  { a, b }: Pointers,
  { rows, vectors, rowStride, loops }: Tile,
  fused: boolean,
): Statements {
  const lowest = reach(rows, rowStride);
  const panel = columns.slice(0, vectors);
  const round: Statements[] = panel.map((column, v) => column.set(v128.load(b.get(), v * 16)));
  for (let row = 0; row < rows; row++) {
    round.push(
      factor.set(v128.load32_splat(a.get(), row * rowStride - lowest)),
      panel.map((column, v) => {
        const sum = sums[row * vectors + v] as Local<"v128">;
        return sum.set(multiplyAdd(factor.get(), column.get(), sum.get(), fused));
      }),
    );
  }
  return walk(builder, { a, b }, loops, round);
}

function multiplyAdd(x: Expr<"v128">, y: Expr<"v128">, sum: Expr<"v128">, fused: boolean): Expr<"v128"> {
  return fused ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
}
