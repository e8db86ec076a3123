import { ArgumentError, want } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import type { BufferId } from "./program.js";

/** What devices of all backends refuse, in the same words: names that a program does not have, and more than fits. */
export function bufferNamed(
  names: Readonly<Record<string, BufferId>>,
  operation: string,
  name: string,
): BufferId {
  if (Object.hasOwn(names, name)) return names[name] as BufferId;
  throw new ArgumentError(operation, `one of ${Object.keys(names).join(", ")}`, name);
}

/** Writes values from `offset` on. */
export function copyInto(target: TypedArray, values: ArrayLike<number>, offset = 0): void {
  const end = offset + values.length;
  want(offset >= 0 && end <= target.length, "write", `at most ${target.length} elements`, end);
  target.set(values, offset);
}
