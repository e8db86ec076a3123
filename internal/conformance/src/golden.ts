import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "@myelin/tensor";

/** What scripts/golden/NAME.py wrote. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8")) as T;
}

/** A tensor in a golden file. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly dtype?: "f32" | "i32";
}

export function goldenTensor({ shape, data, dtype = "f32" }: GoldenTensor): Tensor {
  return tensor(data, shape, dtype);
}
