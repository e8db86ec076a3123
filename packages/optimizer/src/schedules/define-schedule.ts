import { ArgumentError, type Config, type Schedule, want } from "@myelin/tensor";

/**
 * A learning rate as a function of the updates done so far. Rates are computed in JavaScript and handed to the compiled
 * step as a table, so any function will do; these use our own elementary functions, which are equal on every engine.
 */
export function defineSchedule(config: Config, rate: (step: number) => number): Schedule {
  want(config?.kind, "defineSchedule", "a config { kind, .. }", config);
  want(typeof rate === "function", "defineSchedule", "a function of the step as rate", rate);
  return { config, rate };
}

export function checkRate(kind: string, name: string, rate: unknown): void {
  if (!(Number.isFinite(rate) && (rate as number) >= 0))
    throw new ArgumentError(kind, `${name} finite and not negative`, rate);
}

export function checkSteps(kind: string, name: string, steps: number): void {
  if (!(Number.isInteger(steps) && steps > 0)) {
    throw new ArgumentError(kind, `${name} as a whole number of updates above 0`, steps);
  }
}
