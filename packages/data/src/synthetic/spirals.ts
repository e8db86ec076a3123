import { ArgumentError, cosine, sine } from "@myelin/tensor";
import { type ClassifiedPoints, classifiedPlane, type SyntheticOptions } from "./synthetic-samples.js";

export interface SpiralsOptions extends SyntheticOptions {
  /** Arms, one per class. Default 2. */
  readonly arms?: number;
  /** Turns of each arm from the centre to radius 1. Default 1. */
  readonly turns?: number;
}

/** Arms that wind around the centre, each turned against the others. Noise defaults to 0.02. Hard without hidden layers. */
export function spirals({ arms = 2, turns = 1, ...options }: SpiralsOptions = {}): ClassifiedPoints {
  if (!(Number.isInteger(arms) && arms >= 2 && arms <= 256)) {
    throw new ArgumentError("spirals", "2 to 256 `arms`", arms);
  }
  return classifiedPlane("spirals", arms, { noise: 0.02, ...options }, (along, index) => {
    // The square root spreads the points evenly over the disc.
    const radius = Math.sqrt(along);
    const angle = 2 * Math.PI * (turns * radius + index / arms);
    return [radius * cosine(angle), radius * sine(angle)];
  });
}
