/**
 * How the measuring process talks to the one of a contender: a line of JSON per request on standard input, a line of JSON
 * per answer on standard output. Python speaks it as well.
 */
export type Request =
  | { readonly do: "step"; readonly count: number }
  /** The first steps of a training, whose mean loss is compared. */
  | { readonly do: "prove"; readonly count: number }
  | { readonly do: "proof" }
  | { readonly do: "quit" };

export type Answer =
  | { readonly ready: true; readonly version?: string }
  | { readonly seconds: number; readonly steps: number }
  | { readonly proof: number }
  | { readonly error: string };
