import type { Contraction, Kernel } from "@myelin/compiler";
import type { ContractionLimits } from "./contraction-limits.js";
import { type Section, sectionsOf } from "./contraction-sections.js";
import { bodyCost } from "./cost.js";

/** Bytes of an f32, and of a vector. */
export const FLOAT = 4;
export const VECTOR = 16;

/**
 * How columns of the right operand get into a panel, where for every k a few columns lie side by side: `copy` when they do so
 * already, `transpose` when k's do, `gather` number by number, `none` when the tile reads the operand where it is.
 */
export type Packing = "none" | "copy" | "transpose" | "gather";

/** One loop over k's: bytes that each operand moves per round. */
export interface ContractedLoop {
  readonly extent: number;
  readonly left: number;
  readonly right: number;
}

/** Everything that is decided about a contraction before code is written. Axes are numbers of extents of the kernel. */
export interface ContractionPlan {
  /** Axes along which the right operand changes: its panels are packed anew for each index. */
  readonly batches: readonly number[];
  /** Rows around the rows of a tile. */
  readonly outer: readonly number[];
  /** The axis that tiles go down; none where all matrices have one row. */
  readonly rows: number | undefined;
  readonly columns: number;
  /** Bytes that the left operand moves per index of each axis. */
  readonly leftStrides: readonly number[];
  /** Present when the left operand is copied first, so that k's lie side by side and rows `pitch` bytes apart. */
  readonly turned: Turned | undefined;
  readonly packing: Packing;
  /** Loops over blocks of k's (none unless k's are very many), and over the k's of a block. */
  readonly blocks: readonly ContractedLoop[];
  readonly contracted: readonly ContractedLoop[];
  /** Whether sums wait in memory: between blocks of k's, or because the body is long and should be written once only. */
  readonly spilled: boolean;
  readonly sections: readonly Section[];
  readonly units: number;
  /** Workspace for a panel, and for sums. */
  readonly panelBytes: number;
  readonly sumBytes: number;
}

export interface Turned {
  readonly pitch: number;
  readonly bytes: number;
}

/** Rows that packing may write behind the end of a panel. */
const PANEL_SPARE_ROWS = 3;
/** Fewer k's than this are never turned. */
const DEPTH_WORTH_TURNING = 16;

export function planContraction(kernel: Kernel, limits: ContractionLimits): ContractionPlan {
  const { extents } = kernel;
  const { left, right, extents: contractedExtents } = kernel.contraction as Contraction;
  const columns = extents.length - 1;
  const long = extents.flatMap((extent, axis) => (axis < columns && extent > 1 ? [axis] : []));
  const batches = long.filter((axis) => right.strides[axis] !== 0);
  const outer = long.filter((axis) => right.strides[axis] === 0);
  const rows = outer.pop();
  const sizeOf = (axes: readonly number[]) =>
    axes.reduce((size, axis) => size * (extents[axis] as number), 1);
  const shape = {
    batches: sizeOf(batches),
    outer: sizeOf(outer),
    rows: rows === undefined ? 1 : (extents[rows] as number),
    columns: extents[columns] as number,
  };
  const bytes = (stride: number | undefined) => (stride as number) * FLOAT;
  const loops = contractedExtents
    .map((extent, i) => ({
      extent,
      left: bytes(left.contractedStrides[i]),
      right: bytes(right.contractedStrides[i]),
    }))
    .filter(({ extent }) => extent > 1);
  const leftStrides = left.strides.map(bytes);
  const turned = rows !== undefined && leftStrides[rows] === FLOAT ? turn(shape, loops, limits) : undefined;
  if (turned) leftStrides[rows as number] = turned.pitch;
  const [blocks, contracted] = cut(turned ? loops.map((loop) => ({ ...loop, left: FLOAT })) : loops, limits);
  const packing = packingOf(right.strides[columns] as number, contracted, shape, limits);
  const spilled = blocks.length > 0 || bodyCost(kernel) > limits.longBody;
  const sections = sectionsOf({ ...shape, depth: depthOf(loops) }, packing === "none", spilled, limits);
  const most = (of: (section: Section) => number) => Math.max(...sections.map(of));
  const panelRows = depthOf(contracted) + PANEL_SPARE_ROWS;
  return {
    batches,
    outer,
    rows,
    columns,
    leftStrides,
    turned,
    packing,
    blocks,
    contracted,
    spilled,
    sections,
    units: sections.reduce((sum, { units }) => sum + units, 0),
    panelBytes: packing === "none" ? 0 : most(({ vectors }) => panelRows * vectors * VECTOR),
    sumBytes: spilled ? most(({ unitRows, vectors }) => unitRows * vectors * VECTOR) : 0,
  };
}

interface Shape {
  readonly batches: number;
  readonly outer: number;
  readonly rows: number;
  readonly columns: number;
}

function depthOf(loops: readonly ContractedLoop[]): number {
  return loops.reduce((depth, { extent }) => depth * extent, 1);
}

/** Turns a left operand whose rows lie side by side if the k's of one row leave no place for those of the next. */
function turn(
  { batches, outer, rows, columns }: Shape,
  [loop, ...others]: readonly ContractedLoop[],
  { columnsWorthTurning, placesWorthTurning }: ContractionLimits,
): Turned | undefined {
  if (loop === undefined || others.length > 0 || batches * outer > 1) return undefined;
  if (loop.left <= FLOAT || rows < 4 || columns < columnsWorthTurning) return undefined;
  // A first-level cache has 64 sets of lines of 64 bytes. Strides of many lines reach only some of them.
  let sets = 64;
  for (let lines = loop.left / 64; sets > 1 && lines % 2 === 0; lines /= 2) sets /= 2;
  if (loop.extent <= Math.max(DEPTH_WORTH_TURNING, placesWorthTurning * sets)) return undefined;
  const whole = Math.ceil(loop.extent / 4) * VECTOR;
  const pitch = whole % 2048 === 0 ? whole + 64 : whole;
  return { pitch, bytes: (rows + PANEL_SPARE_ROWS) * pitch };
}

function packingOf(
  columnStride: number,
  loops: readonly ContractedLoop[],
  { outer, rows, columns }: Shape,
  { cachedBytes, rowsWorthPacking, nearBytes, mostRows }: ContractionLimits,
): Packing {
  const inner = loops.at(-1) ?? { extent: 1, right: FLOAT };
  if (columnStride !== 1)
    return inner.right === FLOAT && inner.extent >= 4 && columnStride > 0 ? "transpose" : "gather";
  const size = depthOf(loops) * columns * FLOAT;
  const bySize =
    size > cachedBytes ? rowsWorthPacking : size > nearBytes ? mostRows + 1 : Number.POSITIVE_INFINITY;
  // Strides of whole or half pages bring all k's of a column to the same few lines of the cache.
  const byStride = inner.right % 4096 === 0 ? 3 : inner.right % 2048 === 0 ? 48 : Number.POSITIVE_INFINITY;
  // The walk through the k's counts its rounds by the right operand's address, so that has to move.
  return outer * rows < Math.min(bySize, byStride) && loops.every(({ right }) => right !== 0)
    ? "none"
    : "copy";
}

/** Blocks of k's, and the k's of a block: as many of the inner loops as fit, and a part of the next that divides it. */
function cut(
  loops: readonly ContractedLoop[],
  { panelBytes, blockDepth }: ContractionLimits,
): [ContractedLoop[], ContractedLoop[]] {
  const inner = [...loops];
  const outer: ContractedLoop[] = [];
  if (depthOf(loops) * 4 * VECTOR <= panelBytes || loops.some(({ right }) => right === 0))
    return [outer, inner];
  while (depthOf(inner) > blockDepth) {
    const loop = inner.shift() as ContractedLoop;
    let part = Math.max(1, Math.floor(blockDepth / depthOf(inner)));
    while (loop.extent % part !== 0) part--;
    outer.push({ extent: loop.extent / part, left: loop.left * part, right: loop.right * part });
    if (part > 1) inner.unshift({ ...loop, extent: part });
  }
  // A number of k's without a fitting divisor.
  return depthOf(inner) < blockDepth / 8 ? [[], [...loops]] : [outer, inner];
}
