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
 * and for names that `defaults` lacks: without types, a misspelt option would change nothing without a word.
 */
export function withDefaults<Options extends object, const Given extends Defaults<Options>>(
  operation: string,
  options: Options,
  defaults: Given,
): Filled<Options, Given> {
  const filled: Record<string, unknown> = { ...defaults };
  // Written down only when it is needed, because one prediction takes only a microsecond.
  const refuse = (received: unknown) => {
    throw new ArgumentError(operation, `options { ${Object.keys(filled).join(", ")} }`, received);
  };
  if (typeof options !== "object" || !options) refuse(options);
  for (const name in options) {
    if (!Object.hasOwn(filled, name)) refuse(name);
    if (options[name] !== undefined) filled[name] = options[name];
  }
  return filled as Filled<Options, Given>;
}
