import { type Activation, type Layer, type SameShape, wantMembers, withDefaults } from "@myelin/tensor";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/**
 * Applies an activation: `activation(relu)`. The same as the `activation` option of the layer before it; as a layer of its
 * own it can follow anything (a normalization, a pooling).
 */
export function activation(of: Activation, options: LayerOptions = {}): Layer<SameShape> {
  wantMembers("activation", "an activation such as relu", of, ["forward"], "Import it.");
  return defineLayer<SameShape>({
    kind: "activation",
    arguments: [of],
    options: withDefaults("activation", options, layerDefaults),
    forward: ({ input }) => of.forward(input),
  });
}
