import { ArgumentError, exponential, naturalLogarithm, type Schedule } from "@myelin/tensor";
import { checkSteps, defineSchedule } from "./define-schedule.js";

export interface ExponentialDecayOptions {
  readonly initialRate: number;
  /** What `every` updates multiply the rate by, above 0. */
  readonly factor: number;
  /** Default 1. */
  readonly every?: number;
}

/** initialRate x factor^(step / every), without steps. As Keras `ExponentialDecay`. */
export function exponentialDecay({ initialRate, factor, every = 1 }: ExponentialDecayOptions): Schedule {
  checkSteps("exponentialDecay", "every", every);
  if (!(factor > 0)) throw new ArgumentError("exponentialDecay", "a factor above 0", factor);
  const logarithm = naturalLogarithm(factor);
  return defineSchedule(
    { kind: "exponentialDecay", initialRate, factor, every },
    (step) => initialRate * exponential((logarithm * step) / every),
  );
}
