import { type Activation, type Layer, type SameShape, withDefaults } from "@myelin/tensor";
import { wantActivation } from "./arguments.js";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/**
 * Applies an activation: `activation(relu)`. The same as the `activation` option of the layer before it; as a layer of its
 * own it can follow anything (a normalization, a pooling).
 */
export function activation(of: Activation, options: LayerOptions = {}): Layer<SameShape> {
  wantActivation("activation", of);
  return defineLayer<SameShape>({
    kind: "activation",
    arguments: [of],
    options: withDefaults("activation", options, layerDefaults),
    forward: ({ input }) => of.forward(input),
  });
}
