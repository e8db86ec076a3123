import type { ContractionLimits } from "./contraction-limits.js";

/** Columns that are computed alike: `panels` panels of `columns` columns each, from `firstColumn` on. */
export interface Section {
  readonly firstColumn: number;
  readonly panels: number;
  readonly columns: number;
  /** The register tile: vectors of four columns, and rows. */
  readonly vectors: number;
  readonly tileRows: number;
  /**
   * A unit is a block of one panel of one batch: of so many outer rows, or, where those are few, of so many rows of one
   * outer row.
   */
  readonly cut: "outer" | "rows";
  readonly blocks: number;
  readonly blockSize: number;
  /** Rows of a unit, at most. */
  readonly unitRows: number;
  readonly unitsPerPanel: number;
  readonly firstUnit: number;
  readonly units: number;
}

interface Work {
  readonly batches: number;
  readonly outer: number;
  readonly rows: number;
  readonly columns: number;
  /** How many k's. */
  readonly depth: number;
}

/**
 * Rows of the register tile by its vectors. V8 keeps 15 vectors in registers and loads what a round needs before it
 * multiplies: rows + vectors + rows x vectors + 1 product have to fit.
 */
const TILE_ROWS: readonly number[] = [0, 4, 4, 2, 2];
const TILE_VECTORS = 4;
/** A single row has few sums, so that its additions wait for each other: more columns help. */
const SINGLE_ROW_VECTORS = 8;

/** Cuts the columns into full panels and a narrower one for what is left, and the rows of each into blocks. */
export function sectionsOf(
  work: Work,
  direct: boolean,
  spilled: boolean,
  limits: ContractionLimits,
): Section[] {
  const { batches, outer, rows, columns } = work;
  const width = 4 * (direct && outer * rows === 1 ? SINGLE_ROW_VECTORS : TILE_VECTORS);
  const rest = columns % width;
  const full = (columns - rest) / width;
  const mostRows = spilled ? limits.waitingRows : outer * rows;
  const wanted = limits.units / (batches * (full + Math.sign(rest)));
  const sections: Section[] = [];
  const add = (firstColumn: number, panels: number, columns: number): void => {
    const vectors = Math.ceil(columns / 4);
    const tileRows = Math.min(rows, TILE_ROWS[vectors] ?? 1);
    const worthwhile = (outer * rows * work.depth * vectors) / limits.unitWork;
    const count = Math.max((outer * rows) / mostRows, Math.min(wanted, worthwhile));
    const byOuter = outer > 1 && outer >= count;
    const { blocks, blockSize } = byOuter ? cutRows(outer, 1, count) : cutRows(rows, tileRows, count / outer);
    const unitsPerPanel = byOuter ? blocks : outer * blocks;
    sections.push({
      firstColumn,
      panels,
      columns,
      vectors,
      tileRows,
      cut: byOuter ? "outer" : "rows",
      blocks,
      blockSize,
      unitRows: byOuter ? blockSize * rows : Math.min(blockSize, rows),
      unitsPerPanel,
      firstUnit: sections[0]?.units ?? 0,
      units: batches * panels * unitsPerPanel,
    });
  };
  if (full > 0) add(0, full, width);
  if (rest > 0) add(full * width, 1, rest);
  return sections;
}

/** About `count` equal blocks of whole steps; the last may be smaller. */
function cutRows(rows: number, step: number, count: number): { blocks: number; blockSize: number } {
  const blockSize = step * Math.ceil(Math.ceil(rows / step) / Math.ceil(count));
  return { blocks: Math.ceil(rows / blockSize), blockSize };
}
