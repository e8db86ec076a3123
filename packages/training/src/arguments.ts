import { type Loss, type Metric, want, wantMembers } from "@myelin/tensor";

/** Refuses fractions, which would be cut off without a word. */
export function wantSeed(operation: string, seed: number): void {
  want(Number.isSafeInteger(seed), operation, "a whole number as seed", seed);
}

export function wantLoss(operation: string, loss: Loss): void {
  wantMembers(operation, "a loss such as meanSquaredError", loss, ["perRow", "link"]);
}

export function wantMetrics(operation: string, metrics: readonly Metric[]): void {
  want(Array.isArray(metrics), operation, "metrics in an array", metrics);
  // Scores are told apart by name, and the loss is one of them.
  const names = new Set(["loss"]);
  for (const metric of metrics) {
    wantMembers(
      operation,
      "metrics such as accuracy",
      metric,
      metric?.collect ? ["compute"] : ["state", "update", "result"],
    );
    want(!names.has(metric.name), operation, "metrics of different names", metric.name);
    names.add(metric.name);
  }
}
