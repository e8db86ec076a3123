import { withDefaults } from "@myelin/tensor";
import type { Numbers } from "./numbers.js";
import { type Scaler, scaleColumns, visitColumns, wantSameLength } from "./scale-columns.js";
import { configured } from "./transform.js";

export type StandardScalerOptions = {
  /** Mean of each feature. */
  readonly mean: readonly number[];
  /** Standard deviation of each feature; 0 for a constant one, which is then only shifted. */
  readonly deviation: readonly number[];
};

/** Scales each feature (last axis) to mean 0 and standard deviation 1: (x - mean) / deviation. */
export function standardScaler(options: StandardScalerOptions): Scaler {
  const { mean, deviation } = withDefaults("standardScaler", options, {
    mean: undefined,
    deviation: undefined,
    ...configured,
  });
  wantSameLength("standardScaler", { mean, deviation });
  return scaleColumns({ kind: "standardScaler", mean, deviation }, { from: mean, unit: deviation, to: 0 });
}

/**
 * Learns a `standardScaler` from training data (never from test data). The deviation is that of the whole population,
 * sqrt(mean((x - mean)^2)), as in scikit-learn. Throws `ArgumentError` for numbers that are not finite.
 */
export function fitStandardScaler(numbers: Numbers): Scaler {
  const sums: number[] = [];
  const first: number[] = [];
  const constant: boolean[] = [];
  const { rows } = visitColumns(numbers, "fitStandardScaler", (value, feature) => {
    sums[feature] = (sums[feature] ?? 0) + value;
    first[feature] ??= value;
    constant[feature] = (constant[feature] ?? true) && value === first[feature];
  });
  // The rounded mean of a constant column may miss its value, and the tiny deviation would blow up what it divides.
  const mean = sums.map((sum, feature) => (constant[feature] ? (first[feature] as number) : sum / rows));
  // In a second pass: mean(x^2) - mean^2 would cancel for large means.
  const squares = mean.map(() => 0);
  visitColumns(numbers, "fitStandardScaler", (value, feature) => {
    const distance = value - (mean[feature] as number);
    (squares[feature] as number) += distance * distance;
  });
  return standardScaler({ mean, deviation: squares.map((sum) => Math.sqrt(sum / rows)) });
}
