import { ArgumentError, withDefaults } from "@myelin/tensor";
import {
  type ClassifiedPoints,
  drawFor,
  type SyntheticOptions,
  syntheticDefaults,
  wantRows,
} from "./synthetic-samples.js";

export interface BlobsOptions extends SyntheticOptions {
  /** The middle of each class, or how many to draw from [-2, 2) in each feature. Default 3. */
  readonly centers?: number | readonly (readonly number[])[] | undefined;
  /** Features of drawn centers. Default 2. */
  readonly features?: number | undefined;
}

/** Clouds of normally distributed points, one per class. `noise`, their standard deviation, defaults to 0.4. */
export function blobs(options: BlobsOptions = {}): ClassifiedPoints {
  const { centers, features, rows, noise, seed } = withDefaults("blobs", options, {
    centers: 3,
    features: 2,
    ...syntheticDefaults,
    noise: 0.4,
  });
  wantRows("blobs", { rows, noise, seed });
  const draw = drawFor("blobs", seed);
  const middles = typeof centers === "number" ? drawnCenters(centers, features, draw.uniform) : centers;
  const width = middles[0]?.length ?? 0;
  if (width === 0 || middles.length > 256 || middles.some((middle) => middle.length !== width)) {
    throw new ArgumentError("blobs", "1 to 256 `centers` with equally many features, at least 1", centers);
  }
  const data = Float32Array.from({ length: rows * width }, (_, i) => {
    const middle = middles[Math.floor(i / width) % middles.length] as readonly number[];
    return (middle[i % width] as number) + noise * draw.normal(i);
  });
  const targets = Uint8Array.from({ length: rows }, (_, row) => row % middles.length);
  return { inputs: { data, shape: [rows, width] }, targets: { data: targets, shape: [rows] } };
}

function drawnCenters(count: number, features: number, uniform: (index: number) => number): number[][] {
  return Array.from({ length: count }, (_, center) =>
    Array.from({ length: features }, (_, feature) => 4 * uniform(center * features + feature) - 2),
  );
}
