import { ArgumentError, want } from "@myelin/tensor";
import { featuresOf, type Numbers, shaped } from "./numbers.js";
import { countRows, type RowArray } from "./rows.js";

/**
 * Sets features side by side: [rows, a] and [rows, b] become [rows, a + b], in float32. Single numbers per row are one
 * feature. Throws `ArgumentError` unless all parts have equally many rows.
 */
export function joinFeatures(
  ...parts: readonly Numbers[]
): RowArray<Float32Array, readonly [rows: number, features: number]> {
  want(parts.length, "joinFeatures", "rows of features", "none");
  const blocks = parts.map((part) => shaped(part, "joinFeatures"));
  const counts = blocks.map(countRows);
  const rows = counts[0] ?? 0;
  if (counts.some((count) => count !== rows) || blocks.some(({ shape }) => shape.length > 2)) {
    const received = blocks.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
    throw new ArgumentError("joinFeatures", "rows of features, equally many in each part", received);
  }
  const widths = blocks.map(featuresOf);
  const width = widths.reduce((sum, part) => sum + part, 0);
  const data = new Float32Array(rows * width);
  let offset = 0;
  for (const [index, block] of blocks.entries()) {
    const features = widths[index] as number;
    for (let i = 0; i < rows * features; i++) {
      data[Math.floor(i / features) * width + offset + (i % features)] = block.data[i] as number;
    }
    offset += features;
  }
  return { data, shape: [rows, width] };
}
