import type { Schedule } from "@myelin/tensor";
import { checkSteps, defineSchedule } from "./define-schedule.js";

export interface StepDecayOptions {
  readonly initialRate: number;
  /** Updates between two drops. */
  readonly every: number;
  /** What each drop multiplies the rate by. Default 0.5. */
  readonly factor?: number;
}

/** initialRate x factor^floor(step / every). */
export function stepDecay({ initialRate, every, factor = 0.5 }: StepDecayOptions): Schedule {
  checkSteps("stepDecay", "every", every);
  return defineSchedule({ kind: "stepDecay", initialRate, every, factor }, (step) => {
    let rate = initialRate;
    for (let drops = Math.floor(step / every); drops > 0 && rate !== 0; drops--) rate *= factor;
    return rate;
  });
}
