import { type FunctionBuilder, f32, type Statements, v128 } from "../assembler/index.js";
import { lanesOf } from "../vector-math/index.js";
import { FLOAT, type Packing, productOf, VECTOR } from "./contraction-plan.js";
import { count } from "./position.js";
import { move, type Pointers, reach, type Stride, walk } from "./walk.js";

/** Columns of an operand, `columnStride` bytes apart, and the loops over their k's, which move `a` through the operand. */
export interface PanelSource {
  readonly loops: readonly Stride[];
  readonly columns: number;
  readonly columnStride: number;
}

/** The same loops where `b` walks through a panel, in which the k's lie one behind the other, `pitch` bytes apart. */
export function throughPanel(loops: readonly Stride[], pitch: number): Stride[] {
  return loops.map((loop, i) => ({ ...loop, b: pitch * productOf(loops.slice(i + 1)) }));
}

/**
 * Copies columns of an operand into a panel: for each k, in ascending order, one row of numbers, the rows `pitch` bytes apart.
 * Rows are filled up to whole vectors with anything, and up to three are written behind the last. After `start` pointer `a`
 * stands at the first k of the lowest column, `b` at the panel.
 */
export function packPanel(
  builder: FunctionBuilder,
  packing: Exclude<Packing, "none">,
  { loops, columns, columnStride }: PanelSource,
  pitch: number,
  pointers: Pointers,
  start: Statements,
): Statements {
  const { a, b } = pointers;
  const panelLoops = throughPanel(loops, pitch);
  if (packing === "copy") {
    const lowest = reach(columns, columnStride);
    const copy =
      columnStride === FLOAT
        ? count(Math.ceil(columns / 4)).map((v) => v128.store(b, v128.load(a, v * VECTOR), v * VECTOR))
        : count(columns).map((c) => f32.store(b, f32.load(a, c * columnStride - lowest), c * FLOAT));
    return [start, walk(builder, pointers, panelLoops, copy)];
  }
  // Four k's a round. What a last round writes too much, the next run of k's overwrites.
  const inner = panelLoops.pop() as Stride;
  const rounds = { extent: Math.ceil(inner.extent / 4), a: inner.a * 4, b: inner.b * 4 };
  const turn = turner(builder, pointers, pitch);
  /** Columns in groups of four; fewer than four are one group, filled up with the last. */
  const turnColumns = (first: number, columns: number): Statements => {
    const groups = { extent: Math.ceil(columns / 4), a: columnStride * 4, b: VECTOR };
    const places = count(4).map((i) => Math.min(i, columns - 1) * columnStride);
    return [
      start,
      move(a, first * columnStride),
      move(b, first * FLOAT),
      walk(builder, pointers, [...panelLoops, rounds, groups], turn(places)),
    ];
  };
  const rest = columns % 4;
  const whole = columns - rest;
  return [whole > 0 ? turnColumns(0, whole) : [], rest > 0 ? turnColumns(whole, rest) : []];
}

/** Code that turns a block of 4 x 4 in registers: four k's of columns at these places become four rows. */
function turner(
  builder: FunctionBuilder,
  { a, b }: Pointers,
  pitch: number,
): (places: readonly number[]) => Statements {
  const local = () => builder.local("v128");
  const columns = [local(), local(), local(), local()] as const;
  const [p, q, r, s] = columns;
  const [pq, rs] = [local(), local()];
  /** The k's `first` and `first + 1`, which then lie at b. */
  const twoRows = (first: number): Statements => [
    pq.set(lanesOf(p, q, [first, first + 4, first + 1, first + 5])),
    rs.set(lanesOf(r, s, [first, first + 4, first + 1, first + 5])),
    v128.store(b, lanesOf(pq, rs, [0, 1, 4, 5]), first * pitch),
    v128.store(b, lanesOf(pq, rs, [2, 3, 6, 7]), (first + 1) * pitch),
  ];
  return (places) => [
    columns.map((column, i) => column.set(v128.load(a, places[i]))),
    twoRows(0),
    twoRows(2),
  ];
}
