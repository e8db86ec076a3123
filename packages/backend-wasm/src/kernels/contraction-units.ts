import { type Expr, forRange, i32, type Local, type Statements, select, when } from "../assembler/index.js";
import type { BodyEmitter } from "./kernel-emitter.js";

type Index = number | Local<"i32">;

/** An axis in pieces of `size` indices, the last of which may be smaller, walked in steps. */
export interface Cut {
  readonly axis: number;
  readonly extent: number;
  readonly size: number;
  readonly step: number;
}

/** One piece of a cut: the range of a loop. */
interface Piece extends Cut {
  readonly from: Index;
  readonly to: Index;
}

/** A piece of every cut. */
export interface Unit {
  /** A number that changes with the panel. */
  readonly panelNumber: Local<"i32">;
  readonly rows: readonly Piece[];
}

/** Rows of all tiles divide this. */
const TILE_STEP = 4;

/** How many units there are. */
export function piecesOf(cuts: readonly Cut[]): number {
  return cuts.reduce((pieces, { extent, size }) => pieces * Math.ceil(extent / size), 1);
}

/** Cuts axes from the first one on, until there are about so many pieces. The last axis stays in whole tiles. */
export function cutRows(axes: readonly Pick<Cut, "axis" | "extent">[], pieces: number): Cut[] {
  let wanted = pieces;
  return axes.map(({ axis, extent }, i) => {
    const step = i < axes.length - 1 ? 1 : TILE_STEP;
    const size = step * Math.ceil(Math.ceil(extent / step) / Math.ceil(wanted));
    wanted /= Math.ceil(extent / size);
    return { axis, extent, size, step };
  });
}

/** A loop over the units [begin, end), and one round of the loops over what makes up a panel. */
export function eachUnit(
  body: BodyEmitter,
  { panelCuts, rowCuts }: { readonly panelCuts: readonly Cut[]; readonly rowCuts: readonly Cut[] },
  begin: Local<"i32">,
  end: Local<"i32">,
  inside: (unit: Unit, firstColumn: Index) => void,
): void {
  const number = body.builder.local("i32");
  const writeUnit = (): void => {
    const rest = held(body, number.get());
    const rows = takePieces(body, rest, rowCuts);
    const panelNumber = held(body, rest.get());
    const panel = takePieces(body, rest, panelCuts);
    enter(body, panel, () => inside({ panelNumber, rows }, (panel.at(-1) as Piece).from));
  };
  body.emit(forRange(number, { from: begin.get(), to: end.get() }, body.nested(writeUnit)));
}

/** Goes down some rows, `step` at a time: `tile` is told how many it gets. What is left behind whole steps is one smaller tile. */
export function goDown(
  body: BodyEmitter,
  rows: readonly Piece[],
  step: number,
  tile: (rows: number) => void,
): void {
  const last = rows.at(-1);
  if (last === undefined) {
    tile(1);
    return;
  }
  const { axis, extent, from, to } = last;
  const rest = extent % step;
  const whole = extent - rest;
  const limit = typeof to === "number" ? whole : rest > 0 ? held(body, atMost(to, whole)) : to;
  enter(body, rows.slice(0, -1), () => {
    body.loop(axis, { from, to: limit, step }, () => tile(step));
    if (rest > 0) body.loop(axis, { from: whole, to, step: rest }, () => tile(rest));
  });
}

/**
 * Code for a piece of `width` columns, and other code for the narrower one at the end, chosen by the first column. There is
 * only one piece when that is a number.
 */
export function wholeOrRest(
  columns: number,
  width: number,
  first: Index,
  code: (columns: number) => Statements,
): Statements {
  const rest = columns % width;
  if (rest === 0 || typeof first === "number") return code(width);
  return when(i32.lt_u(first.get(), i32.const(columns - rest)), code(width), code(rest));
}

function enter(body: BodyEmitter, pieces: readonly Piece[], inside: () => void): void {
  const [piece, ...others] = pieces;
  if (piece === undefined) inside();
  else body.loop(piece.axis, piece, () => enter(body, others, inside));
}

/** Takes the last digits of a number in mixed radix: which piece of each cut. */
function takePieces(body: BodyEmitter, number: Local<"i32">, cuts: readonly Cut[]): Piece[] {
  const last = (cut: Cut): Piece => {
    const { extent, size } = cut;
    if (size >= extent) return { ...cut, from: 0, to: extent };
    const count = i32.const(piecesOf([cut]));
    const from = held(body, i32.mul(i32.rem_u(number.get(), count), i32.const(size)));
    const to = held(body, i32.add(from.get(), i32.const(size)));
    body.emit(number.set(i32.div_u(number.get(), count)));
    if (extent % size > 0) body.emit(to.set(atMost(to, extent)));
    return { ...cut, from, to };
  };
  return [...cuts].reverse().map(last).reverse();
}

function atMost(value: Local<"i32">, limit: number): Expr<"i32"> {
  return select(i32.lt_u(value.get(), i32.const(limit)), value.get(), i32.const(limit));
}

/** A value in a fresh local. */
function held(body: BodyEmitter, value: Expr<"i32">): Local<"i32"> {
  const local = body.builder.local("i32");
  body.emit(local.set(value));
  return local;
}
