import {
  block,
  brIf,
  type Expr,
  type FunctionBuilder,
  f32,
  i8x16,
  i32,
  type Local,
  type Statements,
  v128,
} from "../assembler/index.js";
import { FLOAT, type Packing, VECTOR } from "./contraction-plan.js";
import { type Pointers, reach, type Stride, walk } from "./walk.js";

/** Columns of the right operand, as they lie in memory. Strides in bytes. */
export interface PanelSource {
  readonly contracted: readonly { readonly extent: number; readonly right: number }[];
  readonly columnStride: number;
  /** Columns that exist; the panel is filled up to whole vectors with whatever lies there. */
  readonly columns: number;
  readonly vectors: number;
}

/**
 * Copies columns of an operand into a panel: for each k, in ascending order, one row of 4 x `vectors` numbers.
 * Pointer `a` stands at the first k of the lowest column, `b` at the panel.
 */
export function packPanel(
  builder: FunctionBuilder,
  packing: Exclude<Packing, "none">,
  source: PanelSource,
  { a, b }: Pointers,
): Statements {
  const pitches = panelStrides(source.contracted, source.vectors);
  const loops: Stride[] = source.contracted.map(({ extent, right }, i) => ({ extent, a: right, b: pitches[i] as number }));
  if (packing === "copy") return walk(builder, { a, b }, loops, copyRow(source, a, b));
  if (packing === "gather") return walk(builder, { a, b }, loops, gatherRow(source, a, b));
  // Four k's a round. What a last round writes too much, the next run of k's overwrites.
  const inner = loops.pop() as Stride;
  const rounds = { extent: Math.ceil(inner.extent / 4), a: inner.a * 4, b: inner.b * 4 };
  return walk(builder, { a, b }, [...loops, rounds], transposeRows(builder, source, a, b));
}

/** Bytes from one k to the next in a panel, per loop: k's lie one behind the other. */
export function panelStrides(loops: readonly { readonly extent: number }[], vectors: number): number[] {
  return loops.map((_, i) => loops.slice(i + 1).reduce((bytes, { extent }) => bytes * extent, vectors * VECTOR));
}

/** Columns that lie side by side. */
function copyRow({ vectors }: PanelSource, from: Local<"i32">, to: Local<"i32">): Statements {
  return count(vectors).map((v) => v128.store(to.get(), v128.load(from.get(), v * 16), v * 16));
}

/** Columns that lie anywhere. */
function gatherRow(source: PanelSource, from: Local<"i32">, to: Local<"i32">): Statements {
  return count(source.columns).map((c) => f32.store(to.get(), f32.load(from.get(), place(source, c)), c * 4));
}

/** Columns whose k's lie side by side: blocks of 4 x 4 are turned in registers. */
function transposeRows(
  builder: FunctionBuilder,
  source: PanelSource,
  from: Local<"i32">,
  to: Local<"i32">,
): Statements {
  const rows = count(4).map(() => builder.local("v128"));
  const halves = count(4).map(() => builder.local("v128"));
  const pitch = source.vectors * 16;
  const turn = (v: number): Statements => [
    rows.map((row, i) => row.set(v128.load(from.get(), place(source, Math.min(v * 4 + i, source.columns - 1))))),
    [0, 1, 2, 3].map((i) => {
      const [x, y] = (i & 2 ? [rows[2], rows[3]] : [rows[0], rows[1]]) as [Local<"v128">, Local<"v128">];
      return halves[i]!.set(lanes(x, y, i & 1 ? [2, 6, 3, 7] : [0, 4, 1, 5]));
    }),
    [0, 1, 2, 3].map((k) => {
      const [x, y] = (k & 2 ? [halves[1], halves[3]] : [halves[0], halves[2]]) as [Local<"v128">, Local<"v128">];
      return v128.store(to.get(), lanes(x, y, k & 1 ? [2, 3, 6, 7] : [0, 1, 4, 5]), k * pitch + v * 16);
    }),
  ];
  // The exits are never taken: they keep V8 11 from loading everything first, which needs more registers than there are.
  return block((exit) => count(source.vectors).map((v) => [turn(v), brIf(exit, i32.eqz(from.get()))]));
}

/** Four of the eight 32-bit lanes of two vectors. */
function lanes(x: Local<"v128">, y: Local<"v128">, choice: readonly number[]): Expr<"v128"> {
  return i8x16.shuffle(
    x.get(),
    y.get(),
    choice.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
  );
}

/** Bytes from the lowest column to column c. */
function place({ columnStride, columns }: PanelSource, c: number): number {
  return c * columnStride - reach(columns, columnStride);
}

const count = (length: number): number[] => Array.from({ length }, (_, index) => index);
