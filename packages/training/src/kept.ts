import type { Device, TypedArray } from "@myelin/compiler";
import type { Tensor } from "@myelin/tensor";

/** What stays for later calls that want the same: by name, with the things that it was made from. */
export type Store = Map<string, { readonly from: readonly unknown[]; readonly value: Kept }>;

/** Anything; variables that belong to it go with it. */
interface Kept {
  readonly variables?: readonly Tensor[];
}

/** What was made under this name, unless one of the things that it is made from is another one by now. */
export function kept<Value extends object>(
  { store, device }: { readonly store: Store; readonly device: Device },
  name: string,
  from: readonly unknown[],
  make: () => Value,
): Value {
  const last = store.get(name);
  if (last?.from.length === from.length && last.from.every((thing, i) => thing === from[i]))
    return last.value as Value;
  store.delete(name);
  for (const variable of last?.value.variables ?? []) device.release(variable);
  const value = make();
  store.set(name, { from, value });
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
