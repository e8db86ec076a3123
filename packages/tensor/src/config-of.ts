import type { Config, Json } from "./contracts.js";
import { want } from "./want.js";

/**
 * The configuration of a value that options rebuild: what `kind` was called with, defaults filled in. Throws `ArgumentError` for
 * a number that is not finite, which JSON cannot hold.
 */
export function configOf(kind: string, options: Readonly<Record<string, Json>> = {}): Config {
  for (const [option, value] of Object.entries(options))
    want(typeof value !== "number" || Number.isFinite(value), kind, `a finite number as ${option}`, value);
  return { kind, ...options };
}
