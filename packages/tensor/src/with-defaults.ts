import { ArgumentError } from "./errors.js";

/**
 * A value for every option that may be left out, undefined for all others. Not written with `-?`, which takes `undefined` out of
 * types for users without exactOptionalPropertyTypes.
 */
type Defaults<Options> = { readonly [Name in keyof Required<Options>]: Options[Name] | undefined };

/** Options without what is left out. */
export type Filled<Options, Given extends Defaults<Options>> = {
  readonly [Name in keyof Required<Options>]: undefined extends Given[Name]
    ? Options[Name]
    : Exclude<Options[Name], undefined>;
};

/**
 * Options with `defaults` in the place of what was left out or is undefined. Throws `ArgumentError` for anything but a record,
 * for names that `defaults` lacks, and for texts in the place of booleans and numbers: without types, a misspelt option would
 * change nothing without a word, "no" would be true, and "1" + 1 is "11".
 */
export function withDefaults<Options extends object, const Given extends Defaults<Options>>(
  operation: string,
  options: Options,
  defaults: Given,
): Filled<Options, Given> {
  const filled: Record<string, unknown> = { ...defaults };
  // Written down only when it is needed, because one prediction takes only a microsecond.
  const refuse = (received: unknown, expected = `options { ${Object.keys(filled).join(", ")} }`) => {
    throw new ArgumentError(operation, expected, received);
  };
  if (typeof options !== "object" || !options) refuse(options);
  for (const name in options) {
    if (!Object.hasOwn(filled, name)) refuse(name);
    const value: unknown = options[name];
    const kind = typeof filled[name];
    if (value === undefined) continue;
    // A learning rate may be a function, strides may be a list.
    if (typeof value !== kind && (kind === "boolean" || (kind === "number" && Object(value) !== value)))
      refuse(value, `a ${kind} as ${name}`);
    filled[name] = value;
  }
  return filled as Filled<Options, Given>;
}
