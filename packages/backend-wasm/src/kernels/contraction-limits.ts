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
  /** About so many rows have sums waiting in memory at a time. */
  readonly waitingRows: number;
}

/** Measured on a Zen 4 core (32 KB and 1 MB of cache) with V8 11.3. */
export const contractionLimits: ContractionLimits = {
  nearBytes: 1 << 14,
  rowsWorthPacking: 16,
  columnsWorthTurning: 64,
  placesWorthTurning: 4,
  mostDepth: 4096,
  blockDepth: 512,
  units: 16,
  unitWork: 8192,
  waitingRows: 256,
};
