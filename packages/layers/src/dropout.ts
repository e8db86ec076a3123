import {
  greaterOrEqual,
  type Layer,
  multiply,
  type SameShape,
  select,
  want,
  withDefaults,
} from "@myelin/tensor";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/**
 * While training, sets each element to 0 with probability `rate` and multiplies the others by 1 / (1 - rate), so that the
 * expected sum stays the same ("inverted" dropout); the identity otherwise. Other elements fall out in every step.
 * Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
 *
 * `rate` is in [0, 1), else `ArgumentError`.
 */
export function dropout(rate: number, options: LayerOptions = {}): Layer<SameShape> {
  const isRate = typeof rate === "number" && rate >= 0 && rate < 1;
  want(isRate, "dropout", "a rate of at least 0 and below 1", rate);
  return defineLayer<SameShape>({
    kind: "dropout",
    arguments: [rate],
    options: withDefaults("dropout", options, layerDefaults),
    forward: ({ input, training, random }) => {
      if (!training || rate === 0) return input;
      const kept = greaterOrEqual(random(input.shape), rate);
      return select(kept, multiply(input, 1 / (1 - rate)), 0);
    },
  });
}
