import type { Loss, StreamingMetric } from "@myelin/tensor";
import { weightedMean } from "./weighted-mean.js";

/**
 * Any loss as a metric: its weighted mean over all rows, under the name of the loss. Errors such as meanSquaredError are
 * losses; this is how they are reported beside another loss: `metrics: [lossMetric(meanAbsoluteError)]`.
 */
export function lossMetric(loss: Loss): StreamingMetric {
  return weightedMean({
    kind: "lossMetric",
    name: loss.name,
    arguments: [loss.config],
    perRow: ({ predictions, targets }) => loss.perRow(predictions, targets),
  });
}
