import { configOf, type Json, type StreamingMetric, wantMembers } from "@myelin/tensor";

export interface MetricDefinition extends Omit<StreamingMetric, "name" | "config" | "collect"> {
  /** The name of the export; a saved run finds the metric by it. */
  readonly kind: string;
  /** The key among the results. Default: `kind`. */
  readonly name?: string | undefined;
  /** What the factory was called with, defaults filled in. Default: none. */
  readonly options?: Readonly<Record<string, Json>> | undefined;
  /** For factories with positional arguments, in the place of `options`. */
  readonly arguments?: readonly Json[] | undefined;
}

/**
 * Makes a metric that is computed inside of the compiled step. Its state starts at zero; `update` adds one batch and must
 * leave out rows of weight 0, which only fill up a batch (`weightedSum` helps); `result` is plain JavaScript on the few
 * numbers of the state. State is float32: sums over more than 2^24 rows lose their last digits.
 *
 * `weightedMean` is shorter for what is a mean over rows. Throws `ArgumentError` for an option that is not a finite number.
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineMetric(definition: MetricDefinition): StreamingMetric {
  const members = ["kind", "state", "update", "result"];
  wantMembers("defineMetric", "a definition { kind, state, update, result }", definition, members);
  const { kind, name = kind, options, arguments: positional, state, update, result } = definition;
  const named = definition.name === undefined ? {} : { name };
  const config =
    positional === undefined ? configOf(kind, { ...options, ...named }) : { kind, arguments: positional };
  return { name, config, state, update, result };
}
