import type { Config } from "@myelin/tensor";

/**
 * A step between raw data and a network, learned from training data and then fixed. Its config is data: keep it beside the
 * model, and call the function named by `config.kind` with the config to have the same step again.
 *
 * The options of those functions are type aliases: JSON may be cast to an alias, but not to an interface.
 */
export interface Transform<Raw, Prepared, Restored = Raw> {
  readonly config: Config;
  transform(raw: Raw): Prepared;
  /** From what the network knows back to what people know. */
  inverse(prepared: Prepared): Restored;
}

/** For `withDefaults`: the config of a transform is its options and its kind. */
export const configured = { kind: undefined } as const;
