import type { Contraction, Kernel } from "@myelin/compiler";

/** Bytes of an f32. */
export const FLOAT = 4;
/** Bytes of a vector. */
export const VECTOR = 16;
/** Rows that packing may write behind the end of a panel. */
const PANEL_SPARE_ROWS = 3;

/**
 * How columns of the right operand get into a panel, where the k's of a few columns lie one behind the other:
 * `copy` when columns lie side by side, `transpose` when k's do, `gather` number by number, `none` when the tile reads the
 * operand where it is.
 */
export type Packing = "none" | "copy" | "transpose" | "gather";

/** One loop over k's, in bytes per round. */
export interface ContractedLoop {
  readonly extent: number;
  readonly left: number;
  readonly right: number;
}

/** Columns that are computed alike: `panels` panels of `columns` columns each, from `firstColumn` on. */
export interface Section {
  readonly firstColumn: number;
  readonly panels: number;
  readonly columns: number;
  /** Vectors of four columns and rows of the register tile. */
  readonly vectors: number;
  readonly tileRows: number;
  /** Every panel is cut into `blocks` of `blockSize` rows (outer rows where the kernel has some), one unit each. */
  readonly blocks: number;
  readonly blockSize: number;
  /** Rows of a unit, at most. */
  readonly unitRows: number;
  readonly firstUnit: number;
  readonly units: number;
}

/** The decisions about a contraction. Axes are numbers of extents of the kernel. */
export interface ContractionPlan {
  /** Axes along which the right operand changes: its panels are packed once for each. */
  readonly batches: readonly number[];
  /** Rows around the rows of a tile. */
  readonly outer: readonly number[];
  /** The axis that tiles go down; none when each matrix has one row. */
  readonly rows: number | undefined;
  readonly columns: number;
  readonly sections: readonly Section[];
  readonly packing: Packing;
  /** A left operand whose k's lie far apart is first copied, k's side by side. */
  readonly turnLeft: boolean;
  /** Loops over blocks of k's (none unless they are very many), and over the k's of a block. */
  readonly contractedBlocks: readonly ContractedLoop[];
  readonly contracted: readonly ContractedLoop[];
  readonly units: number;
  /** Whether accumulators wait in memory: between blocks of k's, or because what follows is long and should be written once. */
  readonly spilled: boolean;
  /** Workspace for a panel, and for the accumulators that wait. */
  readonly panelBytes: number;
  readonly sumBytes: number;
}

/**
 * Rows of the register tile by its vectors. V8 keeps 15 vectors in registers and loads a round's operands before the
 * first multiplication: rows + vectors + rows x vectors + 1 product must fit.
 */
const TILE_ROWS: Readonly<Record<number, number>> = { 1: 6, 2: 4, 3: 2, 4: 2 };
const TILE_VECTORS = 4;
/** A single row has few accumulators, so its additions wait for each other: more columns help. */
const SINGLE_ROW_VECTORS = 6;
/** With fewer rows, packing costs more than it brings. */
const ROWS_WORTH_PACKING = 12;
/** Units that two to four threads share evenly, and the multiplications (times 16 columns) that make a unit worthwhile. */
const UNITS = 16;
const UNIT_WORK = 2048;
/** A panel of more bytes than this leaves the second-level cache; it is worked through in blocks of at most so many k's. */
const PANEL_BYTES = 1 << 18;
const BLOCK_CONTRACTED = 1024;
/** Rows whose accumulators wait in memory at a time. */
const SPILLED_ROWS = 256;
/** A body with more instructions than this is written once, in a loop, and not for every vector of the tile. */
const LONG_BODY = 16;

export function planContraction(kernel: Kernel): ContractionPlan {
  const { extents } = kernel;
  const contraction = kernel.contraction as Contraction;
  const { left, right } = contraction;
  const columns = extents.length - 1;
  const axes = extents.map((_, axis) => axis).slice(0, -1);
  const batches = axes.filter((axis) => right.strides[axis] !== 0 && extents[axis] !== 1);
  const free = axes.filter((axis) => right.strides[axis] === 0 && extents[axis] !== 1);
  const rows = free.pop();
  const size = (of: readonly number[]): number => of.reduce((product, axis) => product * (extents[axis] as number), 1);
  const loops = contraction.extents
    .map((extent, i) => ({
      extent,
      left: (left.contractedStrides[i] as number) * FLOAT,
      right: (right.contractedStrides[i] as number) * FLOAT,
    }))
    .filter(({ extent }) => extent !== 1);
  const rowCount = rows === undefined ? 1 : (extents[rows] as number);
  const columnCount = extents[columns] as number;
  const depth = loops.reduce((product, { extent }) => product * extent, 1);
  const adjacent = right.strides[columns] === 1;
  const direct = adjacent && size(free) * rowCount < ROWS_WORTH_PACKING && loops.every((loop) => loop.right !== 0);
  const inner = loops.at(-1);
  const packing = direct
    ? "none"
    : adjacent
      ? "copy"
      : inner !== undefined && inner.right === FLOAT && inner.extent >= 4
        ? "transpose"
        : "gather";
  const width = 4 * (direct && rowCount === 1 && free.length === 0 ? SINGLE_ROW_VECTORS : TILE_VECTORS);
  const turnLeft = false;
  const [contractedBlocks, contracted] = cut(loops, width);
  const spilled = contractedBlocks.length > 0 || kernel.body.length > LONG_BODY;

  const full = Math.floor(columnCount / width);
  const rest = columnCount % width;
  const units = (full + Math.sign(rest)) * size(batches);
  const outerCount = size(free);
  const section = (firstColumn: number, panels: number, width: number, firstUnit: number): Section => {
    const vectors = Math.ceil(width / 4);
    const tileRows = Math.min(rowCount, TILE_ROWS[vectors] ?? 1);
    const step = outerCount > 1 ? 1 : tileRows;
    const steps = Math.ceil((outerCount > 1 ? outerCount : rowCount) / step);
    const total = outerCount * rowCount;
    const wanted = Math.min(Math.ceil(UNITS / units), Math.floor((total * depth * vectors) / (UNIT_WORK * 4)));
    const needed = spilled ? total / SPILLED_ROWS : 1;
    const blockSize = step * Math.ceil(steps / Math.min(steps, Math.max(1, Math.ceil(needed), wanted)));
    const blocks = Math.ceil((steps * step) / blockSize);
    return { firstColumn, panels, columns: width, vectors, tileRows, blocks, blockSize, unitRows: outerCount > 1 ? blockSize * rowCount : Math.min(blockSize, rowCount), firstUnit, units: panels * blocks * size(batches) };
  };
  const sections: Section[] = [];
  if (full > 0) sections.push(section(0, full, width, 0));
  if (rest > 0) sections.push(section(full * width, 1, rest, sections[0]?.units ?? 0));
  const blockDepth = contracted.reduce((product, { extent }) => product * extent, 1);
  const largest = (bytes: (section: Section) => number) => Math.max(...sections.map(bytes));
  return {
    batches,
    outer: free,
    rows,
    columns,
    sections,
    units: sections.reduce((sum, section) => sum + section.units, 0),
    packing,
    turnLeft,
    contractedBlocks,
    contracted,
    spilled,
    panelBytes: packing === "none" ? 0 : largest(({ vectors }) => (blockDepth + PANEL_SPARE_ROWS) * vectors * VECTOR),
    sumBytes: spilled ? largest(({ unitRows, vectors }) => unitRows * vectors * VECTOR) : 0,
  };
}

/** Blocks of k's, and the k's of a block: as many of the inner loops as fit, and a part of the next that divides it. */
function cut(loops: readonly ContractedLoop[], width: number): [ContractedLoop[], ContractedLoop[]] {
  const depth = loops.reduce((product, { extent }) => product * extent, 1);
  if (depth * width * FLOAT <= PANEL_BYTES || loops.some(({ right }) => right === 0)) return [[], [...loops]];
  const outer = [...loops];
  const inner: ContractedLoop[] = [];
  for (let limit = BLOCK_CONTRACTED; outer.length > 0; ) {
    const loop = outer.pop() as ContractedLoop;
    if (loop.extent <= limit) {
      inner.unshift(loop);
      limit = Math.floor(limit / loop.extent);
      continue;
    }
    let part = limit;
    while (loop.extent % part !== 0) part--;
    if (part > 1) inner.unshift({ ...loop, extent: part });
    outer.push({ extent: loop.extent / part, left: loop.left * part, right: loop.right * part });
    break;
  }
  return [outer, inner];
}
