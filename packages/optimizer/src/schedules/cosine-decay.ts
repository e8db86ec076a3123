import { cosine, type Schedule, withDefaults } from "@myelin/tensor";
import { checkRate, checkSteps, defineSchedule } from "./define-schedule.js";

export interface CosineDecayOptions {
  readonly initialRate: number;
  /** Updates from the initial to the final rate. */
  readonly steps: number;
  /** Default 0. */
  readonly finalRate?: number | undefined;
  /** Starts again after `steps` updates instead of staying at the final rate. Default false. */
  readonly restarts?: boolean | undefined;
}

/** Half a cosine from the initial to the final rate. Loshchilov and Hutter 2017, arXiv:1608.03983. */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const filled = withDefaults("cosineDecay", options, {
    initialRate: undefined,
    steps: undefined,
    finalRate: 0,
    restarts: false,
  });
  const { initialRate, steps, finalRate, restarts } = filled;
  checkRate("cosineDecay", "initialRate", initialRate);
  checkRate("cosineDecay", "finalRate", finalRate);
  checkSteps("cosineDecay", "steps", steps);
  return defineSchedule({ kind: "cosineDecay", ...filled }, (step) => {
    const progress = restarts ? (step % steps) / steps : Math.min(step / steps, 1);
    return finalRate + 0.5 * (initialRate - finalRate) * (1 + cosine(Math.PI * progress));
  });
}
