import { type Activation, ArgumentError, type Initializer, type Layer } from "@myelin/tensor";
import type { Regularizer } from "./regularizers/regularizer.js";

/** Refuses anything but a whole number of at least 1: units, filters, sizes. */
export function wantCount(operation: string, what: string, value: unknown): void {
  if (!(Number.isInteger(value) && (value as number) >= 1)) {
    throw new ArgumentError(operation, `a whole number of at least 1 as ${what}`, value);
  }
}

/** Refuses numbers that JSON cannot hold. */
export function wantFinite(operation: string, what: string, value: unknown): void {
  if (!Number.isFinite(value)) throw new ArgumentError(operation, `a finite number as ${what}`, value);
}

/** Refuses what is not an activation value, above all its name and a factory that was not called. */
export function wantActivation(operation: string, value: Activation | undefined): void {
  const given: unknown = value;
  if (given === undefined) return;
  if (typeof given === "object" && given !== null && "forward" in given && "config" in given) return;
  const hint =
    typeof given === "function"
      ? `Call it: ${given.name}().`
      : "Import it from @myelin/activations and pass it.";
  throw new ArgumentError(operation, "an activation value such as relu", given, hint);
}

export function wantInitializer(operation: string, option: string, value: Initializer | undefined): void {
  wantMember(operation, `a ${option} such as zeros`, value, "generate");
}

export function wantRegularizer(operation: string, option: string, value: Regularizer | undefined): void {
  wantMember(operation, `a ${option} such as l2(0.01)`, value, "penalty");
}

/** Names, factories that were not called, and records from damaged files have none of the members that layers call. */
function wantMember(operation: string, expected: string, value: unknown, member: string): void {
  if (value === undefined || (typeof value === "object" && value !== null && member in value)) return;
  const hint = typeof value === "function" ? `Call it: ${value.name}(..).` : undefined;
  throw new ArgumentError(operation, expected, value, hint);
}

/** Refuses what is not a layer value, above all a factory that was not called. */
export function wantLayer(operation: string, value: Layer): void {
  const given: unknown = value;
  const complete = typeof given === "object" && given !== null && "forward" in given && "parameters" in given;
  if (complete) return;
  const hint = typeof given === "function" ? `Call it: ${given.name}(..).` : undefined;
  throw new ArgumentError(operation, "a layer", given, hint);
}

/** A name is one segment of the paths that name parameters, and a key of plain records. */
export function wantName(operation: string, name: string): void {
  if (typeof name === "string" && name !== "" && !name.includes("/") && !(name in {})) return;
  throw new ArgumentError(operation, 'a name without "/" that no object has by nature', name);
}
