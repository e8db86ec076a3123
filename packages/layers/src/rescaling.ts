import { add, cast, type Layer, multiply, type SameShape, withDefaults } from "@myelin/tensor";
import { wantFinite } from "./arguments.js";
import { defineLayer, type LayerOptions, layerDefaults } from "./define-layer.js";

/**
 * x scale + offset, for inputs in units of their own: `rescaling(1 / 255)` turns bytes into [0, 1]. Takes stored bytes
 * (u8) as they are, so that images stay bytes in memory and are converted where they are read.
 */
export function rescaling(scale: number, offset = 0, options: LayerOptions = {}): Layer<SameShape> {
  wantFinite("rescaling", "scale", scale);
  wantFinite("rescaling", "offset", offset);
  return defineLayer<SameShape>({
    kind: "rescaling",
    arguments: [scale, offset],
    options: withDefaults("rescaling", options, layerDefaults),
    forward: ({ input }) => {
      const scaled = multiply(cast(input, "f32"), scale);
      return offset === 0 ? scaled : add(scaled, offset);
    },
  });
}
