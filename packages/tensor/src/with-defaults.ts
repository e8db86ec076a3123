import { want } from "./want.js";

/** A value for every option that may be left out, undefined for all others. */
type Defaults<Options> = { readonly [Name in keyof Options]-?: Options[Name] | undefined };

/** Options without what is left out. */
export type Filled<Options, Given extends Defaults<Options>> = {
  readonly [Name in keyof Options]-?: undefined extends Given[Name]
    ? Options[Name]
    : Exclude<Options[Name], undefined>;
};

/**
 * Options with `defaults` in the place of what was left out or is undefined. Throws `ArgumentError` for anything but a record,
 * and for names that `defaults` lacks: without types, a misspelt option would change nothing without a word.
 */
export function withDefaults<Options extends object, const Given extends Defaults<Options>>(
  operation: string,
  options: Options,
  defaults: Given,
): Filled<Options, Given> {
  const filled: Record<string, unknown> = { ...defaults };
  const unknown: string[] = [];
  for (const name in options) {
    if (!Object.hasOwn(filled, name)) unknown.push(name);
    else if (options[name] !== undefined) filled[name] = options[name];
  }
  const isRecord = typeof options === "object" && options;
  want(
    isRecord && unknown.length === 0,
    operation,
    `options { ${Object.keys(filled).join(", ")} }`,
    isRecord ? `{ ${unknown.join(", ")} }` : options,
  );
  return filled as Filled<Options, Given>;
}
