import { ArgumentError, type Schedule } from "@myelin/tensor";
import { defineSchedule } from "./define-schedule.js";

export interface PiecewiseRateOptions {
  /** Updates at which the next rate begins, ascending. */
  readonly boundaries: readonly number[];
  /** One more than boundaries. */
  readonly rates: readonly number[];
}

/** rates[i] from boundaries[i - 1] up to, not including, boundaries[i]. */
export function piecewiseRate({ boundaries, rates }: PiecewiseRateOptions): Schedule {
  const ascending = boundaries.every((boundary, i) => i === 0 || boundary > (boundaries[i - 1] as number));
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
