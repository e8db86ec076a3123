import type { StreamingMetric } from "@myelin/tensor";
import { type ClassCountOptions, classCountMetric, share } from "./class-counts.js";

/**
 * Share of rightly decided among all that were decided so: hits / decided; 0 if the class was never decided. For one output
 * the class is "yes" (probability > threshold); for several it is computed for each and averaged (`average`).
 */
export function precision(options: ClassCountOptions = {}): StreamingMetric {
  return classCountMetric("precision", options, ({ hits, decided }) => share(hits, decided));
}
