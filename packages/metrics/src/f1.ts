import type { StreamingMetric } from "@myelin/tensor";
import { type ClassCountOptions, classCountMetric, share } from "./class-counts.js";

/**
 * Harmonic mean of precision and recall: 2 hits / (decided + actual); 0 if the class neither occurs nor is decided. For one
 * output the class is "yes"; for several it is computed for each and averaged (`average`). van Rijsbergen 1979.
 */
export function f1(options: ClassCountOptions = {}): StreamingMetric {
  return classCountMetric("f1", options, ({ hits, decided, actual }) => share(2 * hits, decided + actual));
}
