import type { Device, TypedArray } from "@myelin/compiler";
import { sameShape, type Tensor } from "@myelin/tensor";

/** What stays for later calls that want the same: by name, the last used first, with the things that it was made from. */
export type Store = Map<string, readonly { readonly from: readonly unknown[]; readonly value: Kept }[]>;

/** Anything; variables that belong to it go with it. */
interface Kept {
  readonly variables?: readonly Tensor[];
}

/**
 * What was made under this name from the same things, else something new. At most `places` stay under one name, those that
 * were used last, and only if the first of the things that they are made from is the same. The others are given back.
 */
export function kept<Value extends object>(
  { store, device }: { readonly store: Store; readonly device: Device },
  name: string,
  from: readonly unknown[],
  make: () => Value,
  places = 1,
): Value {
  const before = store.get(name) ?? [];
  const same = before.find((last) => sameShape(last.from, from));
  // What is used again and again, such as the program of single predictions, stays where it is.
  if (same && same === before[0]) return same.value as Value;
  const stay = before.filter((last) => last !== same && last.from[0] === from[0]).slice(0, places - 1);
  store.set(name, stay);
  for (const last of before)
    if (last !== same && !stay.includes(last))
      for (const variable of last.value.variables ?? []) device.release(variable);
  const value = (same?.value as Value | undefined) ?? make();
  store.set(name, [{ from, value }, ...stay]);
  return value;
}

/** Variables by name that are given back together. */
export function owned<Variables extends Readonly<Record<string, Tensor>>>(
  variables: Variables,
): Variables & { readonly variables: readonly Tensor[] } {
  return { ...variables, variables: Object.values(variables) };
}

/** Copies of what variables hold. */
export function copiesOf(device: Device, variables: readonly Tensor[]): Map<Tensor, TypedArray> {
  return new Map(variables.map((variable) => [variable, device.read(variable)]));
}
