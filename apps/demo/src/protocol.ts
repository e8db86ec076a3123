import type { Settings } from "./settings.js";

/** How the page and the worker that trains talk. */

export type Speed = "slow" | "normal" | "full";

/** From the page. */
export type Command =
  /** A new network, from fresh weights; whatever ran before ends. */
  | {
      readonly type: "reset";
      readonly generation: number;
      readonly settings: Settings;
      readonly speed: Speed;
    }
  | { readonly type: "run" }
  | { readonly type: "pause" }
  /** One pass over the data. */
  | { readonly type: "step" }
  | { readonly type: "speed"; readonly speed: Speed };

/** One epoch: mean loss and share of right answers, on points that it learned from and on others. */
export interface Measurement {
  readonly epoch: number;
  readonly loss: number;
  readonly testLoss: number;
  readonly accuracy: number;
  readonly testAccuracy: number;
}

export interface LayerWeights {
  /** [inputs, outputs], row-major. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** From the worker. `generation` is that of the reset that it belongs to; the page drops what is older. */
export type Report =
  | {
      readonly type: "frame";
      readonly generation: number;
      /** Epochs since the last frame. */
      readonly measurements: readonly Measurement[];
      /** The network's output over the plane, FIELD x FIELD values in 0 to 1, row by row from the top. */
      readonly field: Float32Array<ArrayBuffer>;
      readonly layers: readonly LayerWeights[];
      readonly stepsPerSecond: number | undefined;
    }
  | {
      readonly type: "diverged";
      readonly generation: number;
      readonly epoch: number;
      readonly message: string;
    }
  /** A mistake in the program. */
  | { readonly type: "failed"; readonly generation: number; readonly message: string };

/** Cells of the field along each side. */
export const FIELD = 96;
