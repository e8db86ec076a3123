import { type Schedule, withDefaults } from "@myelin/tensor";
import { constantRate } from "./constant-rate.js";
import { checkRate, checkSteps, defineSchedule } from "./define-schedule.js";

export interface WarmUpOptions {
  /** Updates until the full rate is reached. */
  readonly steps: number;
  /** What follows: a rate, or a schedule that starts counting when the warm-up ends. */
  readonly followedBy: number | Schedule;
}

/** Rises in a straight line to the first rate of `followedBy`: rate x (step + 1) / steps, so that the first update is not lost. */
export function warmUp(options: WarmUpOptions): Schedule {
  const { steps, followedBy } = withDefaults("warmUp", options, { steps: undefined, followedBy: undefined });
  checkSteps("warmUp", "steps", steps);
  const isSchedule = typeof followedBy === "object" && typeof followedBy?.rate === "function";
  if (!isSchedule) checkRate("warmUp", "followedBy: a schedule, or a rate", followedBy);
  const following = isSchedule ? followedBy : constantRate(followedBy as number);
  return defineSchedule(
    { kind: "warmUp", steps, followedBy: isSchedule ? following.config : (followedBy as number) },
    (step) => (step < steps ? (following.rate(0) * (step + 1)) / steps : following.rate(step - steps)),
  );
}
