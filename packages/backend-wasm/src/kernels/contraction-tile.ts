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
import { type Pointers, reach, type Stride, walk } from "./walk.js";

type Vector = Local<"v128">;

/** The registers of a tile. Tiles of all sizes share them: a function works at one tile at a time. */
export interface TileRegisters {
  readonly sums: readonly Vector[];
  readonly columns: readonly Vector[];
  readonly factor: Vector;
}

export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  /** Bytes from one row of the left operand to the next. */
  readonly rowStride: number;
  /** Loops over k, in bytes: `a` moves through the left operand, `b` through the panel. */
  readonly loops: readonly Stride[];
}

/** Vectors of columns that are loaded together. */
const PIECE = 4;

export function tileRegisters(
  builder: FunctionBuilder,
  tiles: readonly { readonly tileRows: number; readonly vectors: number }[],
): TileRegisters {
  const locals = (count: number) => Array.from({ length: count }, () => builder.local("v128"));
  const sums = Math.max(...tiles.map(({ tileRows, vectors }) => tileRows * vectors));
  return { sums: locals(sums), columns: locals(PIECE), factor: builder.local("v128") };
}

/**
 * sums[row, column] += sum over k of left[row, k] x right[k, column]: one accumulator per element, k ascending.
 * Pointer `a` stands at the first k of the lowest row, `b` at the first k of the first column.
 *
 * V8 11 moves all loads of a straight piece of code to its front. So the loop is not unrolled here (V8 does it by itself,
 * keeping the exits between the copies), and a wide tile is divided into pieces by exits that are never taken. Without
 * them it runs out of registers, at half the speed. The exits leave the loop: sums could be moved across others.
 */
export function accumulate(
  builder: FunctionBuilder,
  { sums, columns, factor }: TileRegisters,
  pointers: Pointers,
  { rows, vectors, rowStride, loops }: Tile,
  fused: boolean,
): Statements {
  const { a, b } = pointers;
  const lowest = reach(rows, rowStride);
  const piece = (first: number): Statements => {
    const panel = columns.slice(0, vectors - first);
    const load = panel.map((column, v) => column.set(v128.load(b.get(), (first + v) * VECTOR)));
    // The factor of a single row is still there from the first piece.
    const factorOf = (row: number): Statements =>
      rows === 1 && first > 0 ? [] : factor.set(v128.load32_splat(a.get(), row * rowStride - lowest));
    const add = Array.from({ length: rows }, (_, row) => [
      factorOf(row),
      panel.map((column, v) => addProduct(sums[row * vectors + first + v] as Vector, factor, column, fused)),
    ]);
    return [load, add];
  };
  if (vectors <= PIECE) return walk(builder, pointers, loops, piece(0));
  const pieces = Array.from({ length: Math.ceil(vectors / PIECE) }, (_, i) => piece(i * PIECE));
  const divided = (exit: Label) => pieces.map((each) => [each, brIf(exit, i32.eqz(b.get()))]);
  return block((exit) => walk(builder, pointers, loops, divided(exit)));
}

function addProduct(sum: Vector, x: Vector, y: Vector, fused: boolean): Statements {
  return sum.set(
    fused
      ? f32x4.relaxed_madd(x.get(), y.get(), sum.get())
      : f32x4.add(sum.get(), f32x4.mul(x.get(), y.get())),
  );
}
