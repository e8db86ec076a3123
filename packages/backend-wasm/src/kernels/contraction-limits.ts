/** Where one way to compute a contraction becomes faster than another. Results do not depend on these numbers. */
export interface ContractionLimits {
  /**
   * A right operand of at most so many bytes stays in the first-level cache and is read where it is. Larger ones are packed from
   * `rowsWorthPacking` rows on: where the second-level cache is fast, they could be read where they are for some more rows, but
   * where a core shares it with busy neighbours, that was up to a fifth slower (39 instead of 46.8 GFLOP/s for n = 256).
   */
  readonly nearBytes: number;
  readonly rowsWorthPacking: number;
  /** The left operand is turned for so many columns, if the k's of a row need so many of the 8 places in each cache set. */
  readonly columnsWorthTurning: number;
  readonly placesWorthTurning: number;
  /** More k's than this are worked through in blocks of at most `blockDepth`. */
  readonly mostDepth: number;
  readonly blockDepth: number;
  /** So many units keep some threads evenly busy, but one should be worth so many multiplications of vectors. */
  readonly units: number;
  readonly unitWork: number;
  /** Sums that wait in memory take about so many bytes, and are those of so many columns. */
  readonly waitingBytes: number;
  readonly waitingColumns: number;
  /** Panels of a unit take at most about so many bytes together. */
  readonly packedBytes: number;
  /** Sums of a result of more bytes wait, too, if its rows are at least `waitingColumns` wide and there are few k's. */
  readonly farBytes: number;
}

/** Measured on Zen 4 and Granite Rapids cores (32 and 48 KB, 1 and 2 MB of cache) with V8 11.3. */
export const contractionLimits: ContractionLimits = {
  nearBytes: 1 << 14,
  rowsWorthPacking: 16,
  columnsWorthTurning: 64,
  placesWorthTurning: 4,
  mostDepth: 4096,
  blockDepth: 512,
  units: 16,
  unitWork: 8192,
  waitingBytes: 1 << 16,
  waitingColumns: 512,
  packedBytes: 5 << 17,
  farBytes: 1 << 20,
};
