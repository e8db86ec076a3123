import type { StreamingMetric } from "@myelin/tensor";
import { type ClassCountOptions, classCountMetric, share } from "./class-counts.js";

/**
 * Share of the class that was found: hits / actual; 0 if the class never occurs. For one output the class is "yes"
 * (probability > threshold); for several it is computed for each and averaged (`average`).
 */
export function recall(options: ClassCountOptions = {}): StreamingMetric {
  return classCountMetric("recall", options, ({ hits, actual }) => share(hits, actual));
}
