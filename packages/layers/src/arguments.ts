import { want, wantMembers, withDefaults } from "@myelin/tensor";

/** Refuses numbers that JSON cannot hold. */
export function wantFinite(operation: string, what: string, value: unknown): void {
  want(Number.isFinite(value), operation, `a finite number as ${what}`, value);
}

/** Refuses options that were given and lack a member; `example` is a value that has it. */
export function wantOptions(
  operation: string,
  options: Readonly<Record<string, unknown>>,
  member: "forward" | "generate" | "penalty",
  example: string,
): void {
  for (const [option, value] of Object.entries(options))
    if (value !== undefined)
      wantMembers(operation, `a value such as ${example} as ${option}`, value, [member], "Import it.");
}

export function wantLayer(operation: string, layer: unknown): void {
  wantMembers(operation, "a layer", layer, ["forward", "parameters"]);
}

/** A name is one segment of the paths that name parameters, and a key of plain records. */
export function wantLayerOptions(
  operation: string,
  name: string | undefined,
  trainable: boolean | undefined,
): void {
  withDefaults(operation, { trainable }, { trainable: true });
  const isName = typeof name === "string" && name && !name.includes("/") && !(name in {});
  want(name === undefined || isName, operation, 'a name without "/" that no object has by nature', name);
}
