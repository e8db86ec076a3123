import { ArgumentError, cosine, sine, withDefaults } from "@myelin/tensor";
import {
  type ClassifiedPoints,
  classifiedPlane,
  type SyntheticOptions,
  syntheticDefaults,
} from "./synthetic-samples.js";

export interface CirclesOptions extends SyntheticOptions {
  /** Radius of the inner circle, in (0, 1). Default 0.5. */
  readonly inner?: number | undefined;
}

/** A circle inside of another: class 0 has radius 1, class 1 radius `inner`. Noise defaults to 0.1. */
export function circles(options: CirclesOptions = {}): ClassifiedPoints {
  const filled = withDefaults("circles", options, { inner: 0.5, ...syntheticDefaults, noise: 0.1 });
  const { inner } = filled;
  if (!(inner > 0 && inner < 1))
    throw new ArgumentError("circles", "a radius `inner` between 0 and 1", inner);
  return classifiedPlane("circles", 2, filled, (along, index) => {
    const angle = 2 * Math.PI * along;
    const radius = index === 0 ? 1 : inner;
    return [radius * cosine(angle), radius * sine(angle)];
  });
}
