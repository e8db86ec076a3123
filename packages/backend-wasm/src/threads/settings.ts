import { coreCount, mayShareMemory } from "./platform.js";
import type { ThreadPool } from "./pool.js";

/** What several threads are used for, in nanoseconds of one thread. */
export interface SharingRule {
  /** Shorter steps are never shared. */
  readonly step: number;
  /** Shorter kernels are not split: a barrier and foreign caches cost about a microsecond. */
  readonly kernel: number;
}

/** How a device uses threads. */
export interface ThreadSettings {
  readonly threads: number;
  /** Whether a program gets threads only if that proves to be faster, and not before it ran for a while. */
  readonly measured: boolean;
  readonly rule: SharingRule;
  /** Default: the one of the process. */
  readonly pool?: ThreadPool;
  /** Milliseconds in which some thread should arrive somewhere. Default 5,000. */
  readonly patience?: number;
}

/** `auto`: as many as there are cores, for programs that gain by it. A number: that many for every program. */
export function threadSettings(threads: number | "auto"): ThreadSettings | undefined {
  /** More threads than this wait for each other longer than they compute. */
  const MOST_THREADS = 8;
  const measured = threads === "auto";
  const count = measured ? Math.min(coreCount(), MOST_THREADS) : threads;
  if (count === 1 || !mayShareMemory()) return undefined;
  return { threads: count, measured, rule: { step: measured ? 200_000 : 0, kernel: 3_000 } };
}
