import * as members from "@myelin/activations";
import type { Activation } from "myelin";

/**
 * Every element-wise activation of the library, by name, so that a new one appears here by itself. Those with options have
 * their defaults.
 */
export const activations: ReadonlyMap<string, Activation> = new Map(
  Object.entries(members)
    .filter(([name]) => name !== "defineActivation")
    .map(
      ([name, member]) =>
        [
          name,
          (typeof member === "function" ? (member as () => Activation)() : member) as Activation,
        ] as const,
    )
    .filter(([, activation]) => activation.reference !== undefined),
);

export const activationNames: readonly string[] = [...activations.keys()];
