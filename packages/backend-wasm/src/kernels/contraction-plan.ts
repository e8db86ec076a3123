import type { Contraction, Kernel } from "@myelin/compiler";
import { sizeOf } from "@myelin/tensor";
import type { ContractionLimits } from "./contraction-limits.js";
import { type Cut, cutRows, piecesOf } from "./contraction-units.js";
import { bodyCost } from "./cost.js";
import type { Stride } from "./walk.js";

/** Bytes of an f32, and of a vector. */
export const FLOAT = 4;
export const VECTOR = 16;

/**
 * How columns of the right operand get into a panel, where for every k a few columns lie side by side: `copy` when they do so
 * already, `transpose` when k's do, `gather` number by number, `none` when the tile reads the operand where it is.
 */
export type Packing = "none" | "copy" | "transpose" | "gather";

/** What is decided about a contraction before code is written. Loops over k's move `a` through the left operand, `b` through the right. */
export interface ContractionPlan {
  /** The axis that tiles go down; -1 where all matrices have one row. */
  readonly rows: number;
  /** Columns of a panel. The last one may be narrower. */
  readonly width: number;
  /** A unit: one index of each batch axis, along which the right operand changes, and one panel of columns; */
  readonly panelCuts: readonly Cut[];
  /** and a piece of the other axes, of which the last are the rows of a tile. */
  readonly rowCuts: readonly Cut[];
  /** Bytes that the left operand moves per index of each axis. */
  readonly leftStrides: readonly number[];
  /** Bytes per row when the left operand is copied first, so that k's lie side by side. */
  readonly turned: number | undefined;
  readonly packing: Packing;
  /** Loops over blocks of k's (none unless k's are very many), and over the k's of a block. */
  readonly blocks: readonly Stride[];
  readonly contracted: readonly Stride[];
  /** Whether sums wait in memory: between blocks of k's, or because the body is long and should be written once only. */
  readonly spilled: boolean;
}

const PANEL_COLUMNS = 16;
/** A single row has few sums, so that its additions wait for each other: more columns help. */
const SINGLE_ROW_COLUMNS = 32;
/** Fewer k's than this are never turned. */
const DEPTH_WORTH_TURNING = 16;

export function planContraction(kernel: Kernel, limits: ContractionLimits): ContractionPlan {
  const { extents } = kernel;
  const { left, right, extents: depths } = kernel.contraction as Contraction;
  const last = extents.length - 1;
  const columns = extents[last] as number;
  const long = extents.flatMap((extent, axis) => (axis < last && extent > 1 ? [{ axis, extent }] : []));
  const isBatch = ({ axis }: { readonly axis: number }) => right.strides[axis] !== 0;
  const rowAxes = long.filter((axis) => !isBatch(axis));
  const rows = rowAxes.at(-1)?.axis ?? -1;
  const rowCount = sizeOf(rowAxes.map(({ extent }) => extent));
  const bytes = (stride: number | undefined) => (stride as number) * FLOAT;
  const loops = depths
    .map(
      (extent, i): Stride => ({
        extent,
        a: bytes(left.contractedStrides[i]),
        b: bytes(right.contractedStrides[i]),
      }),
    )
    .filter(({ extent }) => extent > 1);
  const leftStrides = left.strides.map(bytes);
  const turned =
    long.length === 1 && leftStrides[rows] === FLOAT
      ? pitchOfTurned(rowCount, columns, loops, limits)
      : undefined;
  if (turned) leftStrides[rows] = turned;
  const [blocks, contracted] = cutDepth(
    turned ? loops.map((loop) => ({ ...loop, a: FLOAT })) : loops,
    limits,
  );
  const packing = packingOf(right.strides[last] as number, contracted, rowCount, columns, limits);
  const spilled = blocks.length > 0 || bodyCost(kernel) > limits.longBody;
  const widest = packing === "none" && rowCount === 1 ? SINGLE_ROW_COLUMNS : PANEL_COLUMNS;
  const width = Math.min(widest, columns);
  const panelCuts: Cut[] = [
    ...long.filter(isBatch).map((axis) => ({ ...axis, size: 1, step: 1 })),
    { axis: last, extent: columns, size: width, step: width },
  ];
  const worthwhile = (rowCount * depthOf(loops) * Math.ceil(width / 4)) / limits.unitWork;
  const most = spilled ? rowCount / limits.waitingRows : 1;
  const pieces = Math.max(most, Math.min(limits.units / piecesOf(panelCuts), worthwhile));
  const rowCuts = cutRows(rowAxes, pieces);
  return { rows, width, panelCuts, rowCuts, leftStrides, turned, packing, blocks, contracted, spilled };
}

export function depthOf(loops: readonly Stride[]): number {
  return sizeOf(loops.map(({ extent }) => extent));
}

/** A left operand whose rows lie side by side is turned if the k's of one row leave no place in the cache for those of the next. */
function pitchOfTurned(
  rows: number,
  columns: number,
  loops: readonly Stride[],
  { columnsWorthTurning, placesWorthTurning }: ContractionLimits,
): number | undefined {
  const [loop] = loops;
  if (loop === undefined || loops.length > 1 || loop.a <= FLOAT) return undefined;
  // A first-level cache has 64 sets of lines of 64 bytes. Strides of many lines reach only some of them.
  let sets = 64;
  for (let lines = loop.a / 64; sets > 1 && lines % 2 === 0; lines /= 2) sets /= 2;
  const isDeep = loop.extent > Math.max(DEPTH_WORTH_TURNING, placesWorthTurning * sets);
  if (rows < 4 || columns < columnsWorthTurning || !isDeep) return undefined;
  const whole = Math.ceil(loop.extent / 4) * VECTOR;
  return whole % 2048 === 0 ? whole + 64 : whole;
}

function packingOf(
  columnStride: number,
  loops: readonly Stride[],
  rows: number,
  columns: number,
  { cachedBytes, rowsWorthPacking, nearBytes, mostRows }: ContractionLimits,
): Packing {
  const inner = loops.at(-1) ?? { extent: 1, b: FLOAT };
  if (columnStride !== 1)
    return inner.b === FLOAT && inner.extent >= 4 && columnStride > 0 ? "transpose" : "gather";
  const size = depthOf(loops) * columns * FLOAT;
  const bySize =
    size > cachedBytes ? rowsWorthPacking : size > nearBytes ? mostRows + 1 : Number.POSITIVE_INFINITY;
  // Strides of whole or half pages bring all k's of a column to the same few lines of the cache.
  const byStride = inner.b % 4096 === 0 ? 3 : inner.b % 2048 === 0 ? 48 : Number.POSITIVE_INFINITY;
  // The walk through the k's counts its rounds by the right operand's address, so that has to move.
  return rows < Math.min(bySize, byStride) && loops.every(({ b }) => b !== 0) ? "none" : "copy";
}

/** Blocks of k's, and the k's of a block: as many of the inner loops as fit, and a part of the next that divides it. */
function cutDepth(
  loops: readonly Stride[],
  { mostDepth, blockDepth }: ContractionLimits,
): [Stride[], readonly Stride[]] {
  const inner = [...loops];
  const outer: Stride[] = [];
  if (depthOf(loops) <= mostDepth || loops.some(({ b }) => b === 0)) return [outer, inner];
  while (depthOf(inner) > blockDepth) {
    const { extent, a, b } = inner.shift() as Stride;
    let part = Math.max(1, Math.floor(blockDepth / depthOf(inner)));
    while (extent % part !== 0) part--;
    outer.push({ extent: extent / part, a: a * part, b: b * part });
    if (part > 1) inner.unshift({ extent: part, a, b });
  }
  // A number of k's without a fitting divisor.
  return depthOf(inner) < blockDepth / 8 ? [[], loops] : [outer, inner];
}
