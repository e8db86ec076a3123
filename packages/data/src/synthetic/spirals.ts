import { ArgumentError, cosine, sine, want, withDefaults } from "@myelin/tensor";
import {
  type ClassifiedPoints,
  classifiedPlane,
  type SyntheticOptions,
  syntheticDefaults,
} from "./synthetic-samples.js";

export interface SpiralsOptions extends SyntheticOptions {
  /** Arms, one per class. Default 2. */
  readonly arms?: number | undefined;
  /** Turns of each arm from the centre to radius 1. Default 1. */
  readonly turns?: number | undefined;
}

/** Arms that wind around the centre, each turned against the others. Noise defaults to 0.02. Hard without hidden layers. */
export function spirals(options: SpiralsOptions = {}): ClassifiedPoints {
  const filled = withDefaults("spirals", options, { arms: 2, turns: 1, ...syntheticDefaults, noise: 0.02 });
  const { arms, turns } = filled;
  if (!(Number.isInteger(arms) && arms >= 2 && arms <= 256)) {
    throw new ArgumentError("spirals", "2 to 256 `arms`", arms);
  }
  want(Number.isFinite(turns), "spirals", "a finite number of turns", turns);
  return classifiedPlane("spirals", arms, filled, (along, index) => {
    // The square root spreads the points evenly over the disc.
    const radius = Math.sqrt(along);
    const angle = 2 * Math.PI * (turns * radius + index / arms);
    return [radius * cosine(angle), radius * sine(angle)];
  });
}
