import { ArgumentError, want, withDefaults } from "@myelin/tensor";
import type { RowArray } from "../rows.js";
import type { Samples } from "../samples.js";
import {
  drawFor,
  type Points,
  type SyntheticOptions,
  syntheticDefaults,
  wantRows,
} from "./synthetic-samples.js";

export interface LinearDataOptions extends SyntheticOptions {
  /** One per feature. Default [2]. */
  readonly weights?: readonly number[] | undefined;
  /** Default 1. */
  readonly bias?: number | undefined;
}

/** Inputs uniform in [-1, 1) and targets w . x + bias + noise; `noise` is on the targets only and defaults to 0.1. */
export function linearData(
  options: LinearDataOptions = {},
): Samples<Points, RowArray<Float32Array, readonly [rows: number, values: 1]>> {
  const { weights, bias, rows, noise, seed } = withDefaults("linearData", options, {
    weights: [2],
    bias: 1,
    ...syntheticDefaults,
    noise: 0.1,
  });
  wantRows("linearData", { rows, noise, seed });
  want(Number.isFinite(bias), "linearData", "a finite number as bias", bias);
  const areWeights = Array.isArray(weights) && weights.length > 0 && weights.every(Number.isFinite);
  if (!areWeights) throw new ArgumentError("linearData", "finite numbers, at least one, as weights", weights);
  const draw = drawFor("linearData", seed);
  const width = weights.length;
  const data = Float32Array.from({ length: rows * width }, (_, i) => 2 * draw.uniform(i) - 1);
  const targets = Float32Array.from({ length: rows }, (_, row) => {
    let sum = bias;
    for (let j = 0; j < width; j++) sum += (weights[j] as number) * (data[row * width + j] as number);
    return sum + noise * draw.normal(row);
  });
  return { inputs: { data, shape: [rows, width] }, targets: { data: targets, shape: [rows, 1] } };
}
