import { ArgumentError, type Loss, type Metric, type Network, type Optimizer } from "@myelin/tensor";

/** Refuses anything but a whole number of at least 1. */
export function wantCount(operation: string, what: string, value: number): void {
  if (!(Number.isInteger(value) && value > 0))
    throw new ArgumentError(operation, `a whole number above 0 as ${what}`, value);
}

/** Refuses fractions, which would be cut off without a word. */
export function wantSeed(operation: string, seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new ArgumentError(operation, "a whole number as seed", seed);
}

export function wantNetwork(network: Network): void {
  wantMembers("Model", "a network such as sequential([2], dense(1))", network, ["parameters", "inputShape"]);
}

export function wantLoss(operation: string, loss: Loss): void {
  wantMembers(operation, "a loss such as meanSquaredError", loss, ["perRow", "link"]);
}

export function wantOptimizer(optimizer: Optimizer): void {
  wantMembers("fit", "an optimizer such as sgd()", optimizer, ["update", "slots"]);
}

export function wantMetrics(operation: string, metrics: readonly Metric[]): void {
  if (!Array.isArray(metrics)) throw new ArgumentError(operation, "metrics in an array", metrics);
  for (const metric of metrics)
    wantMembers(operation, "metrics such as accuracy", metric, [metric?.collect ? "compute" : "update"]);
}

/** Programs without types pass names, or factories that they did not call. */
function wantMembers(operation: string, expected: string, value: unknown, members: readonly string[]): void {
  const given: object = typeof value === "object" && value !== null ? value : {};
  if (members.every((member) => member in given)) return;
  const hint = typeof value === "function" ? `Call it: ${value.name}().` : undefined;
  throw new ArgumentError(operation, expected, value, hint);
}
