import { ArgumentError, exponential, naturalLogarithm, type Schedule, withDefaults } from "@myelin/tensor";
import { checkRate, checkSteps, defineSchedule } from "./define-schedule.js";

export interface ExponentialDecayOptions {
  readonly initialRate: number;
  /** What `every` updates multiply the rate by, above 0. */
  readonly factor: number;
  /** Default 1. */
  readonly every?: number | undefined;
}

/** initialRate x factor^(step / every), without steps. As Keras `ExponentialDecay`. */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const filled = withDefaults("exponentialDecay", options, {
    initialRate: undefined,
    factor: undefined,
    every: 1,
  });
  const { initialRate, factor, every } = filled;
  checkRate("exponentialDecay", "initialRate", initialRate);
  checkSteps("exponentialDecay", "every", every);
  if (!(Number.isFinite(factor) && factor > 0))
    throw new ArgumentError("exponentialDecay", "a factor above 0", factor);
  const logarithm = naturalLogarithm(factor);
  return defineSchedule(
    { kind: "exponentialDecay", ...filled },
    (step) => initialRate * exponential((logarithm * step) / every),
  );
}
