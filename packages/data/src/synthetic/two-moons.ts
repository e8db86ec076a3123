import { cosine, sine, withDefaults } from "@myelin/tensor";
import {
  type ClassifiedPoints,
  classifiedPlane,
  type SyntheticOptions,
  syntheticDefaults,
} from "./synthetic-samples.js";

/**
 * Two half circles of radius 1 that reach into each other: class 0 above around (0, 0), class 1 below around (1, 0.5).
 * Noise defaults to 0.1. The geometry is that of scikit-learn's make_moons.
 */
export function twoMoons(options: SyntheticOptions = {}): ClassifiedPoints {
  const filled = withDefaults("twoMoons", options, { ...syntheticDefaults, noise: 0.1 });
  return classifiedPlane("twoMoons", 2, filled, (along, index) => {
    const angle = Math.PI * along;
    return index === 0 ? [cosine(angle), sine(angle)] : [1 - cosine(angle), 0.5 - sine(angle)];
  });
}
