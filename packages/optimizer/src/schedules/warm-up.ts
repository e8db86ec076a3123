import type { Schedule } from "@myelin/tensor";
import { constantRate } from "./constant-rate.js";
import { checkSteps, defineSchedule } from "./define-schedule.js";

export interface WarmUpOptions {
  /** Updates until the full rate is reached. */
  readonly steps: number;
  /** What follows: a rate, or a schedule that starts counting when the warm-up ends. */
  readonly followedBy: number | Schedule;
}

/** Rises in a straight line to the first rate of `followedBy`: rate x (step + 1) / steps, so that the first update is not lost. */
export function warmUp({ steps, followedBy }: WarmUpOptions): Schedule {
  checkSteps("warmUp", "steps", steps);
  const following = typeof followedBy === "number" ? constantRate(followedBy) : followedBy;
  return defineSchedule(
    { kind: "warmUp", steps, followedBy: typeof followedBy === "number" ? followedBy : followedBy.config },
    (step) => (step < steps ? (following.rate(0) * (step + 1)) / steps : following.rate(step - steps)),
  );
}
