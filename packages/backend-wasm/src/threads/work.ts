import type { Kernel, Program } from "@myelin/compiler";
import { sizeOf } from "@myelin/tensor";
import { bodyCost } from "../kernels/cost.js";

/** About how many nanoseconds a kernel takes on one core: decides what is worth splitting, so it may be off by half. */
export function workOf(kernel: Kernel): number {
  /** Nanoseconds of a vector instruction, and of one multiplication of a contraction (a quarter of a vector). */
  const INSTRUCTION = 0.1;
  const MULTIPLICATION = 0.045;
  const size = sizeOf(kernel.extents);
  const sums = kernel.contraction ? size * sizeOf(kernel.contraction.extents) : 0;
  return (size / 4) * bodyCost(kernel) * INSTRUCTION + sums * MULTIPLICATION;
}

/** The same of a step. */
export function stepWork({ kernels }: Program): number {
  return kernels.reduce((sum, kernel) => sum + workOf(kernel), 0);
}
