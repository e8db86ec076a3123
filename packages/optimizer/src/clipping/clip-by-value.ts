import { type Clipping, clip } from "@myelin/tensor";
import { checkLimit } from "./check-limit.js";

/** Every element of every gradient into [-limit, limit]. As PyTorch `clip_grad_value_`. */
export function clipByValue(limit: number): Clipping {
  checkLimit("clipByValue", limit);
  return {
    config: { kind: "clipByValue", arguments: [limit] },
    apply: (gradients) => gradients.map((gradient) => clip(gradient, -limit, limit)),
  };
}
