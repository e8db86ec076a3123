import {
  ArgumentError,
  type Initializer,
  normal as normalNumber,
  sizeOf,
  withDefaults,
} from "@myelin/tensor";
import { elements } from "./elements.js";

export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** Default 0.05. */
  readonly standardDeviation?: number | undefined;
}

/** Normally distributed; the defaults are those of Keras. */
export function normal(options: NormalOptions = {}): Initializer {
  const { mean, standardDeviation } = resolve("normal", options);
  return {
    config: { kind: "normal", mean, standardDeviation },
    generate: (shape, { seed, stream }) =>
      elements(shape, (element) => mean + standardDeviation * normalNumber(seed, stream, element)),
  };
}

/**
 * Normally distributed without tails. The values have the standard deviation that was asked for: the normal distribution
 * that is cut off at twice its own deviation is wider by 1 / 0.8796, so no value is further from the mean than 2.27
 * standard deviations. (TensorFlow.js forgets the factor, and its weights are 12 % too narrow.)
 */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  /** Standard deviation of a standard normal that is cut off at -2 and 2. */
  const TRUNCATED_DEVIATION = 0.87962566103423978;
  const { mean, standardDeviation } = resolve("truncatedNormal", options);
  const wide = standardDeviation / TRUNCATED_DEVIATION;
  return {
    config: { kind: "truncatedNormal", mean, standardDeviation },
    generate: (shape, { seed, stream }) => {
      const size = sizeOf(shape);
      return elements(shape, (element) => {
        let z = normalNumber(seed, stream, element);
        // Every attempt draws from counters of its own, so an element's value depends on no other's.
        for (let attempt = 1; Math.abs(z) > 2; attempt++)
          z = normalNumber(seed, stream, element + attempt * size);
        return mean + wide * z;
      });
    },
  };
}

function resolve(
  kind: string,
  options: NormalOptions,
): { readonly mean: number; readonly standardDeviation: number } {
  const { mean, standardDeviation } = withDefaults(kind, options, { mean: 0, standardDeviation: 0.05 });
  if (!(Number.isFinite(mean) && Number.isFinite(standardDeviation) && standardDeviation >= 0)) {
    throw new ArgumentError(kind, "a finite mean and a finite standard deviation of at least 0", [
      mean,
      standardDeviation,
    ]);
  }
  return { mean, standardDeviation };
}
