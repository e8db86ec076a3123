import { ArgumentError, normal, streamOf, uniform, want } from "@myelin/tensor";
import type { RowArray } from "../rows.js";
import type { Samples } from "../samples.js";

/** Points in a plane or a space, float32 [rows, features]. */
export type Points = RowArray<Float32Array, readonly [rows: number, features: number]>;

/** Points and the class of each, counted from 0. */
export type ClassifiedPoints = Samples<Points, RowArray<Uint8Array, readonly [rows: number]>>;

export interface SyntheticOptions {
  /** Default 200. Any first part of the rows has all classes in equal shares. */
  readonly rows?: number | undefined;
  /** Standard deviation of the normal noise on every coordinate. */
  readonly noise?: number | undefined;
  /** One seed gives one set. Default 0. */
  readonly seed?: number | undefined;
}

/** `SyntheticOptions` for `withDefaults`. */
export const syntheticDefaults: { readonly rows: number; readonly noise: number; readonly seed: number } = {
  rows: 200,
  noise: 0,
  seed: 0,
};

/** Random numbers of one set; each is a function of the seed, the name of the set and its index. */
export interface Draw {
  /** In [0, 1). */
  uniform(index: number): number;
  normal(index: number): number;
}

export function drawFor(name: string, seed: number): Draw {
  const position = streamOf(`${name}/position`);
  const noise = streamOf(`${name}/noise`);
  return {
    uniform: (index) => uniform(seed, position, index),
    normal: (index) => normal(seed, noise, index),
  };
}

/** Samples in a plane; row r belongs to class r mod `classes`. */
export function classifiedPlane(
  name: string,
  classes: number,
  { rows, noise, seed }: typeof syntheticDefaults,
  /** A point of a class; `along` is uniform in [0, 1). */
  point: (along: number, index: number) => readonly [x: number, y: number],
): ClassifiedPoints {
  wantRows(name, { rows, noise, seed });
  const draw = drawFor(name, seed);
  const data = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const [x, y] = point(draw.uniform(row), row % classes);
    data[2 * row] = x + noise * draw.normal(2 * row);
    data[2 * row + 1] = y + noise * draw.normal(2 * row + 1);
  }
  const targets = Uint8Array.from({ length: rows }, (_, row) => row % classes);
  return { inputs: { data, shape: [rows, 2] }, targets: { data: targets, shape: [rows] } };
}

export function wantRows(name: string, { rows, noise, seed }: typeof syntheticDefaults): void {
  if (!(Number.isInteger(rows) && rows > 0))
    throw new ArgumentError(name, "a whole number of `rows`, at least 1", rows);
  want(Number.isFinite(noise) && noise >= 0, name, "a finite number of at least 0 as noise", noise);
  want(Number.isSafeInteger(seed), name, "a whole number as seed", seed);
}
