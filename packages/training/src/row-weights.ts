import { ArgumentError } from "@myelin/tensor";
import type { FitOptions } from "./fit-options.js";
import type { Prepared } from "./prepare.js";

/** The weight of every row from `sampleWeights` and `classWeights`; undefined when all count the same. */
export function rowWeights(
  { sampleWeights, classWeights }: FitOptions,
  { count, targets, indices, labels }: Prepared,
): Float32Array | undefined {
  if (sampleWeights === undefined && classWeights === undefined) return undefined;
  if (sampleWeights !== undefined && sampleWeights.length !== count)
    throw new ArgumentError("fit", `${count} sampleWeights`, sampleWeights.length);
  if (classWeights !== undefined && !indices && targets.length !== count)
    throw new ArgumentError(
      "fit",
      "class indices, labels or 0 and 1 as targets beside classWeights",
      "rows of numbers",
    );
  return Float32Array.from({ length: count }, (_, row) => {
    const index = targets[row] as number;
    const weight = (sampleWeights?.[row] ?? 1) * (classWeights?.[labels?.[index] ?? index] ?? 1);
    if (Number.isFinite(weight) && weight >= 0) return weight;
    throw new ArgumentError("fit", `a weight of at least 0 for row ${row}`, weight);
  });
}
