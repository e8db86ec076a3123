import { type Loss, type StreamingMetric, wantMembers } from "@myelin/tensor";
import { weightedMean } from "./weighted-mean.js";

/**
 * Any loss as a metric: its weighted mean over all rows, under the name of the loss. Errors such as meanSquaredError are
 * losses; this is how they are reported beside another loss: `metrics: [lossMetric(meanAbsoluteError)]`.
 */
export function lossMetric(loss: Loss): StreamingMetric {
  wantMembers("lossMetric", "a loss such as meanSquaredError", loss, ["perRow"]);
  return weightedMean({
    kind: "lossMetric",
    name: loss.name,
    arguments: [loss.config],
    perRow: ({ predictions, targets }) => loss.perRow(predictions, targets),
  });
}
