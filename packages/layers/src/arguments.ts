import { ArgumentError } from "@myelin/tensor";

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

/**
 * Refuses what lacks a member that all such values have: names, factories that were not called, records from damaged files.
 */
export function wantMember(
  operation: string,
  expected: string,
  member: string,
  value: unknown,
  hint?: string,
): void {
  if (typeof value === "object" && value !== null && member in value) return;
  const call =
    typeof value === "function" ? `Call it: ${value.name}(${value.length > 0 ? ".." : ""}).` : hint;
  throw new ArgumentError(operation, expected, value, call);
}

export function wantActivation(operation: string, value: unknown): void {
  const hint = "Import it from @myelin/activations and pass it.";
  wantMember(operation, "an activation value such as relu", "forward", value, hint);
}

/** Refuses options that were given and lack a member; `example` is a value that has it. */
export function wantOptions(
  operation: string,
  options: Readonly<Record<string, unknown>>,
  member: "generate" | "penalty",
  example: string,
): void {
  for (const [option, value] of Object.entries(options))
    if (value !== undefined) wantMember(operation, `a ${option} such as ${example}`, member, value);
}

/** A name is one segment of the paths that name parameters, and a key of plain records. */
export function wantName(operation: string, name: string | undefined): void {
  if (name === undefined) return;
  if (typeof name === "string" && name !== "" && !name.includes("/") && !(name in {})) return;
  throw new ArgumentError(operation, 'a name without "/" that no object has by nature', name);
}
