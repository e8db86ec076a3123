/** Where one way to compute a contraction becomes faster than another. Results do not depend on these numbers. */
export interface ContractionLimits {
  /**
   * A right operand of at most so many bytes is read where it is: it stays in the second-level cache, whose latency the
   * loop hides. Larger ones are packed from `rowsWorthPacking` rows on.
   */
  readonly cachedBytes: number;
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
  cachedBytes: 1 << 19,
  rowsWorthPacking: 12,
  columnsWorthTurning: 64,
  placesWorthTurning: 4,
  mostDepth: 4096,
  blockDepth: 512,
  units: 16,
  unitWork: 8192,
  waitingRows: 256,
};
