import { ArgumentError, type Config } from "@myelin/tensor";
import { featuresOf, type Numbers, shaped } from "./numbers.js";
import type { RowArray } from "./rows.js";
import type { Transform } from "./transform.js";

/** Numbers in the units of the data to numbers in the units of the network, and back; one feature is one column. */
export type Scaler = Transform<Numbers, RowArray<Float32Array>, RowArray<Float32Array>>;

/** (x - from) / unit + to for each feature, and the inverse. A unit of 0 (a constant column) counts as 1. */
export interface ColumnScaling {
  readonly from: readonly number[];
  readonly unit: readonly number[];
  readonly to: number;
}

export function scaleColumns(config: Config, { from, unit, to }: ColumnScaling): Scaler {
  const units = unit.map((value) => (value === 0 ? 1 : value));
  const apply = (raw: Numbers, direction: string, change: (value: number, feature: number) => number) => {
    const operation = `${config.kind}.${direction}`;
    const numbers = shaped(raw, operation);
    const features = featuresOf(numbers);
    if (features !== from.length) throw new ArgumentError(operation, `${from.length} features`, features);
    const data = new Float32Array(numbers.data.length);
    for (let i = 0; i < data.length; i++) data[i] = change(numbers.data[i] as number, i % features);
    return { data, shape: numbers.shape };
  };
  return {
    config,
    transform: (raw) =>
      apply(raw, "transform", (value, j) => (value - (from[j] as number)) / (units[j] as number) + to),
    inverse: (scaled) =>
      apply(scaled, "inverse", (value, j) => (value - to) * (units[j] as number) + (from[j] as number)),
  };
}

/** Refuses anything but two lists with a finite number for each feature. JSON has null where a number was not finite. */
export function wantSameLength(operation: string, lists: Readonly<Record<string, readonly number[]>>): void {
  const [first, second] = Object.values(lists);
  if (Array.isArray(first) && Array.isArray(second) && first.length === second.length) {
    for (const [name, list] of Object.entries(lists)) {
      const wrong = list.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0)
        throw new ArgumentError(operation, `a finite number at ${wrong} of ${name}`, list[wrong]);
    }
    return;
  }
  const wanted = `lists of one length as ${Object.keys(lists).join(" and ")}`;
  throw new ArgumentError(operation, wanted, [first?.length, second?.length]);
}

/** Calls `visit` with every number of every row; one that is not finite throws `ArgumentError` with row and column. */
export function visitColumns(
  numbers: Numbers,
  operation: string,
  visit: (value: number, feature: number) => void,
): { readonly rows: number; readonly features: number } {
  const { data, shape } = shaped(numbers, operation);
  const features = featuresOf({ data, shape });
  if (data.length === 0) throw new ArgumentError(operation, "at least one row", "no rows");
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    const feature = i % features;
    if (!Number.isFinite(value)) {
      const place = `row ${Math.floor((i * (shape[0] as number)) / data.length)}, column ${feature}`;
      throw new ArgumentError(
        operation,
        `a finite number in ${place}`,
        value,
        "Fill it in or leave the row out.",
      );
    }
    visit(value, feature);
  }
  return { rows: data.length / features, features };
}
