import type { Contraction, Kernel } from "@myelin/compiler";
import { sizeOf } from "@myelin/tensor";
import type { ContractionLimits } from "./contraction-limits.js";
import { type Axis, type Cut, cutRows, divisor, piecesOf } from "./contraction-units.js";
import { bodyCost } from "./cost.js";
import type { Stride } from "./walk.js";

/** Bytes of an f32, and of a vector. */
export const FLOAT = 4;
export const VECTOR = 16;

/**
 * How columns of the right operand get into a panel, where for every k a few columns lie side by side: `transpose` where k's lie
 * side by side, else `copy`; `none` when the tile reads the operand where it is.
 */
export type Packing = "none" | "copy" | "transpose";

/** What is decided about a contraction before code is written. Strides in bytes; loops move `a` through the left operand, `b` through the right. */
export interface ContractionPlan {
  /** A unit: one index of each batch axis, along which the right operand changes, and some columns; */
  readonly columnCuts: readonly Cut[];
  /** and a piece of the other axes. Tiles go down the last of them. */
  readonly rowCuts: readonly Cut[];
  /** -1 where all matrices have one row. */
  readonly rowAxis: number;
  readonly leftStrides: readonly number[];
  readonly rightStrides: readonly number[];
  readonly turned: Turned | undefined;
  readonly packing: Packing;
  /** Loops over blocks of k's (none unless k's are very many), and over the k's of a block. */
  readonly blocks: readonly Stride[];
  readonly contracted: readonly Stride[];
  /** How many k's are left behind the last block, where blocks have so few that they are straight code; else undefined. */
  readonly restDepth: number | undefined;
  /** Whether sums wait in memory: between blocks of k's, or because the body is long and should be written once only. */
  readonly spilled: boolean;
  /** Columns of a panel, and the workspace that a panel takes, that all panels of a unit take, and its sums. */
  readonly width: number;
  readonly panelBytes: number;
  readonly packedBytes: number;
  readonly sumBytes: number;
}

/** A left operand that is copied first, so that k's lie side by side and rows `pitch` bytes apart. */
export interface Turned {
  readonly rows: number;
  readonly pitch: number;
  /** How the k's lie before. */
  readonly loop: Stride;
}

/** Rows that packing may write behind the end of a panel. */
export const SPARE_ROWS = 3;

const PANEL_COLUMNS = 16;

export function planContraction(kernel: Kernel, limits: ContractionLimits): ContractionPlan {
  /** Columns that straight code takes at a time. */
  const STRAIGHT_COLUMNS = 128;
  /** A body that costs more than this is written once, in a loop, and not for every vector of the tile. */
  const LONG_BODY = 16;
  const { left, right, extents: depths } = kernel.contraction as Contraction;
  const bytes = (stride: number) => stride * FLOAT;
  const [leftStrides, rightStrides] = [left.strides.map(bytes), right.strides.map(bytes)];
  let loops: readonly Stride[] = depths
    .map((extent, i) => ({
      extent,
      a: bytes(left.contractedStrides[i] as number),
      b: bytes(right.contractedStrides[i] as number),
    }))
    .filter(({ extent }) => extent > 1);
  const axes = kernel.extents.map((extent, axis) => ({ axis, extent }));
  const columns = axes.pop() as Axis;
  const batches = axes.filter(({ axis }) => rightStrides[axis] !== 0);
  const rowAxes = axes.filter(({ axis }) => rightStrides[axis] === 0);
  const rowAxis = rowAxes.at(-1)?.axis ?? -1;
  const rows = productOf(rowAxes);

  const mayTurn = axes.length === 1 && leftStrides[rowAxis] === FLOAT;
  const turned = mayTurn ? turn(rows, columns.extent, loops, limits) : undefined;
  if (turned) {
    leftStrides[rowAxis] = turned.pitch;
    loops = [{ ...turned.loop, a: FLOAT }];
  }
  const columnStride = rightStrides[columns.axis] as number;
  const few = rows === 1 && columnStride === FLOAT ? fewAtATime(loops, columns.extent) : undefined;
  const [blocks, contracted] = few ?? cutDepth(loops, limits);
  const depth = productOf(contracted);
  const isFar =
    columns.extent >= limits.waitingColumns &&
    depth <= rows &&
    rows * columns.extent * FLOAT > limits.farBytes;
  const spilled = blocks.length > 0 || isFar || bodyCost(kernel) > LONG_BODY;
  const packing = packingOf(columnStride, contracted, rows, columns.extent, limits);
  const width = Math.min(few ? STRAIGHT_COLUMNS : PANEL_COLUMNS, columns.extent);
  const bytesOf = (columns: number) => Math.ceil(columns / 4) * VECTOR;
  const panelBytes = packing === "none" ? 0 : (depth + SPARE_ROWS) * bytesOf(width);
  // A few columns of many rows are far apart in memory: where sums wait, units have many, as long as their panels stay near.
  const panels = Math.max(1, Math.floor(limits.packedBytes / panelBytes));
  const unitColumns =
    spilled && (few || blocks.length === 0)
      ? Math.min(limits.waitingColumns, width * panels, columns.extent)
      : width;
  const unitPitch = bytesOf(unitColumns);
  const columnCuts = [...batches.map((axis) => ({ ...axis, size: 1 })), { ...columns, size: unitColumns }];
  const worthwhile = (rows * productOf(loops) * unitPitch) / VECTOR / limits.unitWork;
  const needed = spilled ? (rows * unitPitch) / limits.waitingBytes : 1;
  const pieces = Math.max(needed, Math.min(limits.units / piecesOf(columnCuts), worthwhile));
  const rowCuts = cutRows(rowAxes, pieces);
  return {
    columnCuts,
    rowCuts,
    rowAxis,
    leftStrides,
    rightStrides,
    turned,
    packing,
    blocks,
    contracted,
    restDepth: few?.[2],
    spilled,
    width,
    panelBytes,
    packedBytes: panelBytes * Math.ceil(unitColumns / width),
    sumBytes: spilled ? sizeOf(rowCuts.map(({ size }) => size)) * unitPitch : 0,
  };
}

export function productOf(loops: readonly { readonly extent: number }[]): number {
  return sizeOf(loops.map(({ extent }) => extent));
}

/** A left operand whose rows lie side by side is turned if the k's of one row leave no place in the cache for those of the next. */
function turn(
  rows: number,
  columns: number,
  [loop, ...others]: readonly Stride[],
  { columnsWorthTurning, placesWorthTurning }: ContractionLimits,
): Turned | undefined {
  /** Fewer k's than this are never turned. */
  const DEPTH_WORTH_TURNING = 16;
  if (loop === undefined || others.length > 0 || loop.a <= FLOAT) return undefined;
  // A first-level cache has 64 sets of lines of 64 bytes. Strides of many lines reach only some of them.
  let sets = 64;
  for (let lines = loop.a / 64; sets > 1 && lines % 2 === 0; lines /= 2) sets /= 2;
  const isDeep = loop.extent > Math.max(DEPTH_WORTH_TURNING, placesWorthTurning * sets);
  if (rows < 4 || columns < columnsWorthTurning || !isDeep) return undefined;
  const whole = Math.ceil(loop.extent / 4) * VECTOR;
  return { rows, pitch: whole % 2048 === 0 ? whole + 64 : whole, loop };
}

function packingOf(
  columnStride: number,
  loops: readonly Stride[],
  rows: number,
  columns: number,
  { nearBytes, rowsWorthPacking }: ContractionLimits,
): Packing {
  const { extent, b: stride } = loops.at(-1) ?? { extent: 1, b: FLOAT };
  if (columnStride !== FLOAT)
    return stride === FLOAT && extent >= 4 && columnStride > 0 ? "transpose" : "copy";
  const size = productOf(loops) * columns * FLOAT;
  // Where there is but one panel, it is packed as it is.
  const bySize = size > nearBytes && columns > PANEL_COLUMNS ? rowsWorthPacking : Infinity;
  // Strides of whole or half pages bring all k's of a column to the same few lines of the cache.
  const byStride = stride % 4096 === 0 ? 3 : stride % 2048 === 0 ? 48 : Infinity;
  // The walk through the k's counts its rounds by the right operand's address, so that has to move.
  const mayStay = loops.every(({ b }) => b !== 0);
  return mayStay && rows < Math.min(bySize, byStride) ? "none" : "copy";
}

/**
 * One row by a matrix: a few whole rows of the matrix at a time are added to sums in memory, so that it is read from its begin
 * to its end. Loops over blocks, and over the k's of one, and how many k's are left.
 */
function fewAtATime(
  [loop, ...others]: readonly Stride[],
  columns: number,
): [blocks: Stride[], contracted: Stride[], rest: number] | undefined {
  const DEPTH = 4;
  /** With fewer columns, additions to the same sums wait for each other; with fewer k's, memory costs more than it saves. */
  const LEAST = 32;
  if (!loop || others.length > 0 || columns < LEAST) return undefined;
  const { extent, a, b } = loop;
  if (extent < LEAST || a < 0 || b <= 0) return undefined;
  const blocks = { extent: Math.floor(extent / DEPTH), a: a * DEPTH, b: b * DEPTH };
  return [[blocks], [{ extent: DEPTH, a, b }], extent % DEPTH];
}

/** Blocks of k's, and the k's of a block: as many of the inner loops as fit, and a part of the next that divides it. */
function cutDepth(
  loops: readonly Stride[],
  { mostDepth, blockDepth }: ContractionLimits,
): [Stride[], readonly Stride[]] {
  const inner = [...loops];
  const outer: Stride[] = [];
  if (productOf(loops) <= mostDepth || loops.some(({ b }) => b === 0)) return [outer, inner];
  while (productOf(inner) > blockDepth) {
    const { extent, a, b } = inner.shift() as Stride;
    const part = divisor(extent, Math.floor(blockDepth / productOf(inner)));
    outer.push({ extent: extent / part, a: a * part, b: b * part });
    if (part > 1) inner.unshift({ extent: part, a, b });
  }
  // A number of k's without a fitting divisor.
  return productOf(inner) < blockDepth / 8 ? [[], loops] : [outer, inner];
}
