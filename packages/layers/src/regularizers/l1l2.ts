import { add, withDefaults } from "@myelin/tensor";
import { l1 } from "./l1.js";
import { l2 } from "./l2.js";
import type { Regularizer } from "./regularizer.js";

/** Both penalties, each with its own strength ("elastic net"): strengths.l1 * sum(|w|) + strengths.l2 * sum(w²). */
export function l1l2(strengths: { readonly l1: number; readonly l2: number }): Regularizer {
  const options = withDefaults("l1l2", strengths, { l1: undefined, l2: undefined });
  const parts = [l1(options.l1), l2(options.l2)] as const;
  return {
    config: { kind: "l1l2", ...options },
    penalty: (weights) => add(parts[0].penalty(weights), parts[1].penalty(weights)),
  };
}
