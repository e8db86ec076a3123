import { ArgumentError } from "@myelin/tensor";
import { MeasuredPace, type Pace, steadyPace } from "./pace.js";
import { coreCount, mayShareMemory } from "./platform.js";
import { processPool, type ThreadPool } from "./pool.js";
import type { SharingRule } from "./share.js";

/** More threads than this wait for each other longer than they compute. */
const MOST_THREADS = 8;
/** Milliseconds in which some thread should arrive somewhere. */
const PATIENCE = 5000;

/** How a device uses threads. */
export interface ThreadSettings {
  readonly threads: number;
  /** Whether a program gets threads only if that proves to be faster, and not before it ran for a while. */
  readonly measured: boolean;
  readonly rule: SharingRule;
  readonly pool: ThreadPool;
  readonly patience: number;
}

/** `auto`: as many as there are cores, for programs that gain by it. A number: that many for every program. */
export function threadSettings(threads: number | "auto"): ThreadSettings | undefined {
  if (threads !== "auto" && !(Number.isInteger(threads) && threads > 0))
    throw new ArgumentError("wasmWith", 'threads: "auto" or a whole number above 0', threads);
  const measured = threads === "auto";
  const count = measured ? Math.min(coreCount(), MOST_THREADS) : threads;
  if (count === 1 || !mayShareMemory()) return undefined;
  const rule = { step: measured ? 200_000 : 0, kernel: 3_000 };
  return { threads: count, measured, rule, pool: processPool(), patience: PATIENCE };
}

/** For a program whose work can be divided among `most` threads. */
export function paceFor(
  { threads, measured }: ThreadSettings,
  most: number,
): { threads: number; pace: Pace } {
  const count = Math.min(threads, most);
  if (!measured) return { threads: count, pace: steadyPace(count) };
  const candidates = [1, 2, 4].filter((candidate) => candidate < count);
  return { threads: count, pace: new MeasuredPace([...candidates, count]) };
}
