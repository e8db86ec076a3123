import { want, wantCount, withDefaults } from "@myelin/tensor";
import { type Monitoring, monitorDefaults, monitorOf, wantAmounts, wantCalled } from "./monitor.js";
import type { Callback } from "./run-control.js";

export interface EarlyStoppingOptions extends Monitoring {
  /** Epochs without improvement after which the run stops. Default 0, as in Keras. */
  readonly patience?: number | undefined;
  /** Only a change by more than this is an improvement. Default 0. */
  readonly minDelta?: number | undefined;
  /** Go back to the parameters of the best epoch when the run ends, whatever ended it. Default true (Keras: false). */
  readonly restoreBest?: boolean | undefined;
  /** Only improvements that also beat this value reset the patience. Default: none. */
  readonly baseline?: number | undefined;
  /** Epochs before this one (counted from 1) are not looked at. Default 1. */
  readonly startEpoch?: number | undefined;
}

/**
 * Ends a run when what it monitors has not improved for `patience` epochs, by Keras's rules: an improvement is strict and
 * by more than `minDelta`, and the first epoch never ends the run.
 *
 *     callbacks: [earlyStopping({ monitor: "validation.loss", patience: 5 })]
 *
 * Throws `ArgumentError` for numbers that make no sense, and when there is no such value to monitor.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  wantCalled("earlyStopping", options);
  const filled = withDefaults("earlyStopping", options, {
    ...monitorDefaults,
    patience: 0,
    minDelta: 0,
    restoreBest: true,
    baseline: undefined,
    startEpoch: 1,
  });
  const { monitor, patience, minDelta, restoreBest, startEpoch } = filled;
  wantAmounts("earlyStopping", { patience }, { minDelta });
  wantCount("earlyStopping", "startEpoch", startEpoch);
  const isLine = filled.baseline === undefined || Number.isFinite(filled.baseline);
  want(isLine, "earlyStopping", "a finite number as baseline", filled.baseline);
  const sign = filled.mode === "max" ? -1 : 1;
  const baseline = filled.baseline === undefined ? Infinity : sign * filled.baseline;
  const read = monitorOf("earlyStopping", filled);
  return (control) => {
    let best = Infinity;
    let bestEpoch = 0;
    let kept: Record<string, Float32Array> | undefined;
    let wait = 0;
    const keep = (epoch: number) => {
      bestEpoch = epoch;
      if (restoreBest) kept = control.readParameters();
    };
    return {
      onEpoch(event) {
        const value = read(event);
        if (event.epoch < startEpoch) return;
        if (bestEpoch === 0) keep(event.epoch);
        wait++;
        if (value < best - minDelta) {
          best = value;
          if (bestEpoch !== event.epoch) keep(event.epoch);
          if (value < baseline - minDelta) wait = 0;
        } else if (wait >= patience && event.epoch > 1) {
          const restored = restoreBest ? `; the parameters of epoch ${bestEpoch} are restored` : "";
          control.stop(
            `${monitor} was best in epoch ${bestEpoch}, ${event.epoch - bestEpoch} epochs before${restored}.`,
          );
        }
      },
      onEnd() {
        if (kept !== undefined) control.writeParameters(kept);
      },
    };
  };
}
