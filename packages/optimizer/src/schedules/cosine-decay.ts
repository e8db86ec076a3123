import { cosine, type Schedule } from "@myelin/tensor";
import { checkSteps, defineSchedule } from "./define-schedule.js";

export interface CosineDecayOptions {
  readonly initialRate: number;
  /** Updates from the initial to the final rate. */
  readonly steps: number;
  /** Default 0. */
  readonly finalRate?: number;
  /** Starts again after `steps` updates instead of staying at the final rate. Default false. */
  readonly restarts?: boolean;
}

/** Half a cosine from the initial to the final rate. Loshchilov and Hutter 2017, arXiv:1608.03983. */
export function cosineDecay({
  initialRate,
  steps,
  finalRate = 0,
  restarts = false,
}: CosineDecayOptions): Schedule {
  checkSteps("cosineDecay", "steps", steps);
  return defineSchedule({ kind: "cosineDecay", initialRate, steps, finalRate, restarts }, (step) => {
    const progress = restarts ? (step % steps) / steps : Math.min(step / steps, 1);
    return finalRate + 0.5 * (initialRate - finalRate) * (1 + cosine(Math.PI * progress));
  });
}
