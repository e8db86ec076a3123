import { ArgumentError, withDefaults } from "@myelin/tensor";
import type { Numbers } from "./numbers.js";
import { type Scaler, scaleColumns, visitColumns, wantSameLength } from "./scale-columns.js";
import { configured } from "./transform.js";

export type MinMaxScalerOptions = {
  /** Least value of each feature; becomes `low`. */
  readonly min: readonly number[];
  /** Greatest value of each feature; becomes `high`. A constant feature becomes `low`. */
  readonly max: readonly number[];
  /** Default 0. */
  readonly low?: number | undefined;
  /** Default 1. */
  readonly high?: number | undefined;
};

/** Scales each feature (last axis) from [min, max] to [low, high]. Values outside of [min, max] land outside, too. */
export function minMaxScaler(options: MinMaxScalerOptions): Scaler {
  const { min, max, low, high } = withDefaults("minMaxScaler", options, {
    min: undefined,
    max: undefined,
    low: 0,
    high: 1,
    ...configured,
  });
  wantSameLength("minMaxScaler", { min, max });
  const isRange = Number.isFinite(low) && Number.isFinite(high) && low < high;
  if (!isRange) throw new ArgumentError("minMaxScaler", "finite numbers low < high", [low, high]);
  const unit = max.map((value, feature) => (value - (min[feature] as number)) / (high - low));
  return scaleColumns({ kind: "minMaxScaler", min, max, low, high }, { from: min, unit, to: low });
}

/** Learns a `minMaxScaler` from training data. Throws `ArgumentError` for numbers that are not finite. */
export function fitMinMaxScaler(
  numbers: Numbers,
  range: Pick<MinMaxScalerOptions, "low" | "high"> = {},
): Scaler {
  const { low, high } = withDefaults("fitMinMaxScaler", range, { low: 0, high: 1 });
  const min: number[] = [];
  const max: number[] = [];
  visitColumns(numbers, "fitMinMaxScaler", (value, feature) => {
    min[feature] = Math.min(min[feature] ?? value, value);
    max[feature] = Math.max(max[feature] ?? value, value);
  });
  return minMaxScaler({ min, max, low, high });
}
