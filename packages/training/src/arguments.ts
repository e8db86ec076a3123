import { ArgumentError, type Loss, type Metric } from "@myelin/tensor";

/** Refuses an argument unless the condition holds: what the operation wanted, what it got, and a way out. */
export function want(
  condition: unknown,
  operation: string,
  expected: string,
  received: unknown,
  hint?: string,
): asserts condition {
  if (!condition) throw new ArgumentError(operation, expected, received, hint);
}

/** Refuses anything but a whole number of at least 1. */
export function wantCount(operation: string, what: string, value: number): void {
  want(Number.isInteger(value) && value > 0, operation, `a whole number above 0 as ${what}`, value);
}

/** Refuses fractions, which would be cut off without a word. */
export function wantSeed(operation: string, seed: number): void {
  want(Number.isSafeInteger(seed), operation, "a whole number as seed", seed);
}

export function wantNetwork(operation: string, network: unknown): void {
  const members = ["parameters", "inputShape"];
  wantMembers(operation, "a network such as sequential([2], dense(1))", network, members);
}

export function wantBackend(operation: string, backend: unknown): void {
  wantMembers(operation, "a backend such as wasm", backend, ["open"]);
}

export function wantLoss(operation: string, loss: Loss): void {
  wantMembers(operation, "a loss such as meanSquaredError", loss, ["perRow", "link"]);
}

export function wantMetrics(operation: string, metrics: readonly Metric[]): void {
  want(Array.isArray(metrics), operation, "metrics in an array", metrics);
  for (const metric of metrics)
    wantMembers(operation, "metrics such as accuracy", metric, [metric?.collect ? "compute" : "update"]);
}

/** Programs without types pass names, or factories that they did not call. */
export function wantMembers(
  operation: string,
  expected: string,
  value: unknown,
  members: readonly string[],
): void {
  const hint = typeof value === "function" ? `Call it: ${value.name}().` : undefined;
  want(
    members.every((member) => member in Object(value)),
    operation,
    expected,
    value,
    hint,
  );
}
