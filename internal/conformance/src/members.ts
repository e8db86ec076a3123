import type { Config, Json } from "@myelin/tensor";
import { expect, it } from "vitest";

/** A member of a namespace: a value as it is exported, or a factory called with some arguments. */
export interface Member<T> {
  readonly label: string;
  readonly value: T;
}

export interface MembersOptions {
  /** Exports that are neither members nor make them. */
  readonly tools: readonly string[];
  /** For every factory, the arguments to call it with besides none; values need no entry. */
  readonly calls: Readonly<Record<string, readonly (readonly unknown[])[]>>;
}

interface Configured {
  readonly config: Config;
}

/** All members of a namespace. A factory without an entry in `calls` is a test that is missing, and throws. */
export function membersOf<T extends Configured>(
  namespace: object,
  { tools, calls }: MembersOptions,
): readonly Member<T>[] {
  return Object.entries(namespace)
    .filter(([name]) => !tools.includes(name))
    .flatMap(([name, found]): Member<T>[] => {
      if (typeof found !== "function") return [{ label: name, value: found as T }];
      const variants = calls[name];
      if (variants === undefined) throw new Error(`Say how to call ${name} in this test.`);
      return variants.map((given) => {
        const label = `${name}(${given.map((argument) => JSON.stringify(argument)).join(", ")})`;
        return { label, value: (found as (...given: readonly unknown[]) => T)(...given) };
      });
    });
}

/**
 * That a member can be saved and found again: its config is plain JSON, its kind is the name of an export, and what is
 * rebuilt has the same config. Returns the rebuilt value.
 */
export function expectRebuildable<T extends Configured>(member: T, namespaces: object): T {
  const saved = JSON.parse(JSON.stringify(member.config)) as Config;
  expect(saved).toEqual(member.config);
  const rebuilt = rebuild(saved, namespaces) as T;
  expect(rebuilt.config).toEqual(member.config);
  return rebuilt;
}

/** As the contract of `Config` says: a value as it is, a function with its `arguments`, else with all options as one record. */
export function rebuild(json: Json, namespaces: object): unknown {
  if (Array.isArray(json)) return json.map((entry: Json) => rebuild(entry, namespaces));
  if (typeof json !== "object" || json === null) return json;
  const record = json as Config;
  const { kind, ...options } = record;
  const entries = Object.entries(options).map(([name, value]) => [name, rebuild(value, namespaces)] as const);
  if (kind === undefined) return Object.fromEntries(entries);
  const found = (namespaces as Record<string, unknown>)[kind];
  expect(found, `an export named ${kind}`).toBeDefined();
  if (typeof found !== "function") return found;
  const positional = record.arguments;
  if (Array.isArray(positional)) return found(...(rebuild(positional, namespaces) as unknown[]));
  return found(Object.fromEntries(entries));
}

/** A test that fails when the golden file says nothing about a member. */
export function itHasGolden(namespace: object, tools: readonly string[], names: readonly string[]): void {
  it("has golden values for every member", () => {
    const members = Object.keys(namespace).filter((name) => !tools.includes(name));
    const missing = members.filter((name) => !names.includes(name));
    expect(missing, "members without a case in scripts/golden; add one and run npm run golden").toEqual([]);
  });
}
