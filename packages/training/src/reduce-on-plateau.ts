import { want, withDefaults } from "@myelin/tensor";
import { type Monitoring, monitorDefaults, monitorOf, wantAmounts, wantCalled } from "./monitor.js";
import type { Callback } from "./run-control.js";

export interface ReduceOnPlateauOptions extends Monitoring {
  /** The learning rate is multiplied by this, which is above 0 and below 1. Default 0.1. */
  readonly factor?: number | undefined;
  /** Epochs without improvement before a reduction. Default 10. */
  readonly patience?: number | undefined;
  /** Only a change by more than this is an improvement. Default 1e-4. */
  readonly minDelta?: number | undefined;
  /** Epochs after a reduction that do not count. Default 0. */
  readonly cooldown?: number | undefined;
  /** The learning rate does not fall below this. Default 0. */
  readonly minRate?: number | undefined;
}

/**
 * Reduces the learning rate when what it monitors has not improved for `patience` epochs; rules and defaults are Keras's.
 * Throws `ArgumentError` for numbers that make no sense, and when there is no such value to monitor.
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): Callback {
  wantCalled("reduceOnPlateau", options);
  const filled = withDefaults("reduceOnPlateau", options, {
    ...monitorDefaults,
    factor: 0.1,
    patience: 10,
    minDelta: 1e-4,
    cooldown: 0,
    minRate: 0,
  });
  const { factor, patience, minDelta, cooldown, minRate } = filled;
  want(factor > 0 && factor < 1, "reduceOnPlateau", "a factor between 0 and 1", factor);
  wantAmounts("reduceOnPlateau", { patience, cooldown }, { minDelta, minRate });
  const read = monitorOf("reduceOnPlateau", filled);
  return (control) => {
    let best = Infinity;
    let wait = 0;
    let resting = 0;
    return {
      onEpoch(event) {
        const value = read(event);
        if (resting > 0) {
          resting--;
          wait = 0;
        }
        if (value < best - minDelta) {
          best = value;
          wait = 0;
        } else if (resting === 0 && ++wait >= patience) {
          wait = 0;
          const { learningRate } = event;
          if (learningRate <= minRate) return;
          control.rateFactor *= Math.max(learningRate * factor, minRate) / learningRate;
          resting = cooldown;
        }
      },
    };
  };
}
