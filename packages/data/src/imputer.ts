import { ArgumentError, want, withDefaults } from "@myelin/tensor";
import { featuresOf, type Numbers, shaped } from "./numbers.js";
import type { Scaler } from "./scale-columns.js";
import { configured } from "./transform.js";

export type ImputerOptions = {
  /** What takes the place of a missing number, for each feature. */
  readonly values: readonly number[];
};

/**
 * Fills in what is missing (NaN): the number of its feature takes its place. The inverse leaves what was filled in. Saved and
 * made again as a scaler is; to be applied before one, which would pass NaN on.
 */
export function imputer(options: ImputerOptions): Scaler {
  const { values } = withDefaults("imputer", options, { values: undefined, ...configured });
  const areNumbers = Array.isArray(values) && values.every((value) => Number.isFinite(value));
  want(areNumbers, "imputer", "values in an array of finite numbers", values);
  const read = (numbers: Numbers, operation: string) => {
    const rows = shaped(numbers, operation);
    const features = featuresOf(rows);
    want(features === values.length, operation, `${values.length} features`, features);
    return rows;
  };
  return {
    config: { kind: "imputer", values },
    transform(raw) {
      const { data, shape } = read(raw, "imputer.transform");
      const fill = (value: number, i: number) =>
        Number.isNaN(value) ? (values[i % values.length] as number) : value;
      return { data: Float32Array.from(data, fill), shape };
    },
    inverse(filled) {
      const { data, shape } = read(filled, "imputer.inverse");
      return { data: Float32Array.from(data), shape };
    },
  };
}

/**
 * Learns an `imputer` from training data: the mean or the median of what is there of each feature. Throws `ArgumentError` for
 * infinite numbers and for a feature that no row has.
 */
export function fitImputer(
  numbers: Numbers,
  options: { readonly by?: "mean" | "median" | undefined } = {},
): Scaler {
  const { by } = withDefaults("fitImputer", options, { by: "mean" });
  want(by === "mean" || by === "median", "fitImputer", 'by "mean" or "median"', by);
  const rows = shaped(numbers, "fitImputer");
  const columns = Array.from({ length: featuresOf(rows) }, (): number[] => []);
  rows.data.forEach((value, i) => {
    const feature = i % columns.length;
    if (Number.isNaN(value)) return;
    if (Number.isFinite(value)) columns[feature]?.push(value);
    else throw new ArgumentError("fitImputer", `finite numbers, or NaN, in column ${feature}`, value);
  });
  const values = columns.map((known, feature) => {
    want(
      known.length > 0,
      "fitImputer",
      `a number in column ${feature}`,
      "missing ones alone",
      "Leave it out.",
    );
    return by === "mean" ? meanOf(known) : medianOf(known);
  });
  return imputer({ values });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The one in the middle, or the mean of the two. */
function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  return meanOf([...sorted.subarray(Math.ceil(middle) - 1, Math.floor(middle) + 1)]);
}
