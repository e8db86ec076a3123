import {
  type Expr,
  type FunctionBuilder,
  f32,
  i8x16,
  type Local,
  type Statements,
  v128,
} from "../assembler/index.js";
import { FLOAT, type Packing, VECTOR } from "./contraction-plan.js";
import { move, type Pointers, reach, type Stride, walk } from "./walk.js";

/** Columns of an operand, as they lie in memory. Strides in bytes. */
export interface PanelSource {
  readonly contracted: readonly { readonly extent: number; readonly stride: number }[];
  readonly columnStride: number;
  readonly columns: number;
}

/**
 * Copies columns of an operand into a panel: for each k, in ascending order, one row of `columns` numbers, the rows `pitch`
 * bytes apart. Rows are filled up to whole vectors with anything, and up to three are written behind the last.
 * Pointer `a` stands at the first k of the lowest column, `b` at the panel.
 */
export function packPanel(
  builder: FunctionBuilder,
  packing: Exclude<Packing, "none">,
  source: PanelSource,
  pitch: number,
  pointers: Pointers,
): Statements {
  const { contracted } = source;
  const rowStrides = panelStrides(contracted, pitch);
  const loops: Stride[] = contracted.map(({ extent, stride }, i) => ({
    extent,
    a: stride,
    b: rowStrides[i] as number,
  }));
  if (packing === "copy") return walk(builder, pointers, loops, copyRow(source, pointers));
  if (packing === "gather") return walk(builder, pointers, loops, gatherRow(source, pointers));
  // Four k's a round. What a last round writes too much, the next run of k's overwrites.
  const inner = loops.pop() as Stride;
  const rounds = { extent: Math.ceil(inner.extent / 4), a: inner.a * 4, b: inner.b * 4 };
  return walk(builder, pointers, [...loops, rounds], turnRows(builder, source, pitch, pointers));
}

/** Bytes from one k to the next in a panel, per loop: k's lie one behind the other. */
export function panelStrides(loops: readonly { readonly extent: number }[], pitch: number): number[] {
  return loops.map((_, i) => loops.slice(i + 1).reduce((bytes, { extent }) => bytes * extent, pitch));
}

/** Columns that lie side by side. */
function copyRow({ columns }: PanelSource, { a, b }: Pointers): Statements {
  return count(Math.ceil(columns / 4)).map((v) =>
    v128.store(b.get(), v128.load(a.get(), v * VECTOR), v * VECTOR),
  );
}

/** Columns that lie anywhere. */
function gatherRow(source: PanelSource, { a, b }: Pointers): Statements {
  return count(source.columns).map((c) => f32.store(b.get(), f32.load(a.get(), place(source, c)), c * FLOAT));
}

/** Columns whose k's lie side by side: blocks of 4 x 4 are turned in registers. Needs a positive column stride. */
function turnRows(
  builder: FunctionBuilder,
  source: PanelSource,
  pitch: number,
  { a, b }: Pointers,
): Statements {
  const { columns, columnStride } = source;
  const local = () => builder.local("v128");
  const rows = count(4).map(local);
  const [p, q, r, s] = rows as [Vector, Vector, Vector, Vector];
  const [pq, rs, PQ, RS] = [local(), local(), local(), local()];
  const turn = (places: readonly number[], to: number): Statements => [
    rows.map((row, i) => row.set(v128.load(a.get(), places[i]))),
    pq.set(lanes(p, q, [0, 4, 1, 5])),
    rs.set(lanes(r, s, [0, 4, 1, 5])),
    PQ.set(lanes(p, q, [2, 6, 3, 7])),
    RS.set(lanes(r, s, [2, 6, 3, 7])),
    v128.store(b.get(), lanes(pq, rs, [0, 1, 4, 5]), to),
    v128.store(b.get(), lanes(pq, rs, [2, 3, 6, 7]), to + pitch),
    v128.store(b.get(), lanes(PQ, RS, [0, 1, 4, 5]), to + 2 * pitch),
    v128.store(b.get(), lanes(PQ, RS, [2, 3, 6, 7]), to + 3 * pitch),
  ];
  const groups = { extent: Math.floor(columns / 4), a: columnStride * 4, b: VECTOR };
  const behind = groups.extent * 4;
  const last = count(4).map((i) => Math.min(behind + i, columns - 1) * columnStride);
  const inGroup = count(4).map((i) => i * columnStride);
  return [
    behind < columns ? turn(last, behind * FLOAT) : [],
    behind > 0 ? walk(builder, { a, b }, [groups], turn(inGroup, 0)) : [],
    groups.extent > 1 ? [move(a, -groups.extent * groups.a), move(b, -groups.extent * groups.b)] : [],
  ];
}

type Vector = Local<"v128">;

/** Four of the eight 32-bit lanes of two vectors. */
function lanes(x: Vector, y: Vector, choice: readonly number[]): Expr<"v128"> {
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
