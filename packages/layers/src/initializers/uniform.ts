import {
  ArgumentError,
  type Initializer,
  type Shape,
  uniform as uniformNumber,
  withDefaults,
} from "@myelin/tensor";
import { elements } from "./elements.js";

export interface UniformOptions {
  /** Default -0.05. */
  readonly low?: number | undefined;
  /** Default 0.05. */
  readonly high?: number | undefined;
}

/** Uniform between two bounds; the defaults are those of Keras. */
export function uniform(options: UniformOptions = {}): Initializer {
  const { low, high } = withDefaults("uniform", options, { low: -0.05, high: 0.05 });
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new ArgumentError("uniform", "finite bounds with low <= high", [low, high]);
  }
  return {
    config: { kind: "uniform", low, high },
    generate: (shape, key) => uniformValues(shape, key, low, high),
  };
}

export function uniformValues(
  shape: Shape,
  { seed, stream }: Parameters<Initializer["generate"]>[1],
  low: number,
  high: number,
): Float32Array {
  return elements(shape, (element) => low + (high - low) * uniformNumber(seed, stream, element));
}
