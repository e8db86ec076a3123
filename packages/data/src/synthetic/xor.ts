import type { ClassifiedPoints } from "./synthetic-samples.js";

/** Exclusive or, four rows: 1 where exactly one input is 1. No single neuron can tell them apart. */
export function xor(): ClassifiedPoints {
  return {
    inputs: { data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), shape: [4, 2] },
    targets: { data: Uint8Array.of(0, 1, 1, 0), shape: [4] },
  };
}
