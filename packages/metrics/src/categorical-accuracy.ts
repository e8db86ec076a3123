import { ShapeError, type StreamingMetric } from "@myelin/tensor";
import { hits } from "./accuracy.js";
import { weightedMean } from "./weighted-mean.js";

/**
 * Share of rows whose largest output is that of the right class; targets are class indices or a number for each class.
 * As `accuracy`, but throws `ShapeError` for a network with a single output.
 */
export const categoricalAccuracy: StreamingMetric = weightedMean({
  kind: "categoricalAccuracy",
  perRow: (input) => {
    const { shape } = input.predictions;
    if (shape.length >= 2 && (shape.at(-1) as number) >= 2) return hits("categoricalAccuracy", input);
    throw new ShapeError({
      operation: "categoricalAccuracy",
      expected: "at least two outputs, one for each class",
      received: [shape],
      hint: "For one output that means yes or no, use accuracy or binaryAccuracy.",
    });
  },
});
