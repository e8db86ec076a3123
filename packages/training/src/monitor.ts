import { ArgumentError, type Filled, want } from "@myelin/tensor";
import type { EpochEvent } from "./run-control.js";

export interface Monitoring {
  /** "loss", "accuracy" or any metric on the training data; "validation.loss", "validation.accuracy" and so on. Default "validation.loss". */
  readonly monitor?: string | undefined;
  /** Whether small or large values are good. Default "min" for losses; for metrics it must be said. */
  readonly mode?: "min" | "max" | undefined;
}

/** `Monitoring` for `withDefaults`. */
export const monitorDefaults = { monitor: "validation.loss", mode: undefined } as const;

/**
 * Refuses the control of a run, which `fit` passes to callbacks: the factory was given to it uncalled. To be asked before the
 * options are read, which would only find members that they do not know.
 */
export function wantCalled(operation: string, options: object): void {
  const isControl = "readParameters" in Object(options);
  want(!isControl, "fit", "a callback", `the function ${operation}`, `Call it: ${operation}(..).`);
}

/** Refuses numbers that are not finite or below 0, and where they count epochs, fractions. */
export function wantAmounts(operation: string, counts: Amounts, others: Amounts): void {
  for (const [name, value] of Object.entries(counts))
    want(Number.isInteger(value) && value >= 0, operation, `a whole number of at least 0 as ${name}`, value);
  for (const [name, value] of Object.entries(others))
    want(Number.isFinite(value) && value >= 0, operation, `a finite number of at least 0 as ${name}`, value);
}

type Amounts = Readonly<Record<string, number>>;

/** What is monitored, so that smaller is better: the number of an epoch, negated in mode "max". */
export type Monitor = (event: EpochEvent) => number;

export function monitorOf(
  operation: string,
  { monitor, mode }: Filled<Monitoring, typeof monitorDefaults>,
): Monitor {
  want(typeof monitor === "string", operation, "a name to monitor", monitor);
  const isLoss = monitor === "loss" || monitor === "validation.loss";
  if (mode === undefined && !isLoss) {
    // As Keras writes it.
    const hint = monitor.startsWith("val_")
      ? `The values of validation are called "validation.${monitor.slice(4)}".`
      : undefined;
    throw new ArgumentError(operation, `a mode, "min" or "max", for "${monitor}"`, "no mode", hint);
  }
  want(mode === undefined || mode === "min" || mode === "max", operation, 'mode "min" or "max"', mode);
  const sign = mode === "max" ? -1 : 1;
  return ({ loss, metrics, validation }) => {
    const values: Record<string, unknown> = { loss, ...metrics };
    for (const [name, value] of Object.entries(validation ?? {})) values[`validation.${name}`] = value;
    const value = values[monitor];
    if (typeof value === "number") return sign * value;
    const known = Object.keys(values).filter((name) => typeof values[name] === "number");
    const hint =
      monitor.startsWith("validation.") && validation === undefined ? "Give fit validation data." : undefined;
    throw new ArgumentError(operation, `one of ${known.join(", ")} to monitor`, monitor, hint);
  };
}
