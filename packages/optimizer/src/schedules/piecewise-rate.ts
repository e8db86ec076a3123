import { ArgumentError, type Schedule, withDefaults } from "@myelin/tensor";
import { checkRate, defineSchedule } from "./define-schedule.js";

export interface PiecewiseRateOptions {
  /** Updates at which the next rate begins, ascending. */
  readonly boundaries: readonly number[];
  /** One more than boundaries. */
  readonly rates: readonly number[];
}

/** rates[i] from boundaries[i - 1] up to, not including, boundaries[i]. */
export function piecewiseRate(options: PiecewiseRateOptions): Schedule {
  const { boundaries, rates } = withDefaults("piecewiseRate", options, { boundaries: [], rates: [] });
  for (const [name, list] of Object.entries({ boundaries, rates }))
    if (!Array.isArray(list)) throw new ArgumentError("piecewiseRate", `${name} in an array`, list);
  for (const rate of rates) checkRate("piecewiseRate", "rates", rate);
  const ascending = boundaries.every(
    (boundary, i) => Number.isFinite(boundary) && !(boundary <= (boundaries[i - 1] as number)),
  );
  if (!ascending || rates.length !== boundaries.length + 1) {
    throw new ArgumentError(
      "piecewiseRate",
      "ascending boundaries and one rate more than boundaries",
      `${boundaries.length} boundaries and ${rates.length} rates`,
    );
  }
  return defineSchedule({ kind: "piecewiseRate", boundaries, rates }, (step) => {
    const next = boundaries.findIndex((boundary) => step < boundary);
    return rates[next < 0 ? rates.length - 1 : next] as number;
  });
}
