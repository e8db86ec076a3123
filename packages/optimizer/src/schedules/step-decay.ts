import { type Schedule, withDefaults } from "@myelin/tensor";
import { checkRate, checkSteps, defineSchedule } from "./define-schedule.js";

export interface StepDecayOptions {
  readonly initialRate: number;
  /** Updates between two drops. */
  readonly every: number;
  /** What each drop multiplies the rate by. Default 0.5. */
  readonly factor?: number | undefined;
}

/** initialRate x factor^floor(step / every). */
export function stepDecay(options: StepDecayOptions): Schedule {
  const filled = withDefaults("stepDecay", options, {
    initialRate: undefined,
    every: undefined,
    factor: 0.5,
  });
  const { initialRate, every, factor } = filled;
  checkRate("stepDecay", "initialRate", initialRate);
  checkRate("stepDecay", "factor", factor);
  checkSteps("stepDecay", "every", every);
  return defineSchedule({ kind: "stepDecay", ...filled }, (step) => {
    let rate = initialRate;
    for (let drops = Math.floor(step / every); drops > 0 && rate !== 0; drops--) rate *= factor;
    return rate;
  });
}
