import { ArgumentError, type Json, mapRecord } from "@myelin/tensor";

/**
 * Options and arguments as JSON: a value with a `config` (activation, initializer, regularizer, layer) becomes its
 * config, options that were not given are left out, and what JSON cannot hold is refused.
 */
export function jsonOf(value: unknown, kind: string): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
    return value as Json;
  if (Array.isArray(value)) return value.map((entry) => jsonOf(entry, kind));
  if (typeof value === "object") {
    if ("config" in value) return jsonOf(value.config, kind);
    const given = Object.entries(value).filter(([, option]) => option !== undefined);
    return mapRecord(Object.fromEntries(given), (option) => jsonOf(option, kind));
  }
  throw new ArgumentError(kind, "options that JSON can hold", value);
}
