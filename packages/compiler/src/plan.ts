import { spaceFor } from "./program.js";

/** A buffer of the arena, needed from kernel `first` to kernel `last`, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/**
 * First fit over lifetimes: large buffers choose first, each takes the lowest gap that is free for as long as it lives.
 * (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020: greedy by size.)
 * Returns where each buffer starts.
 */
export function planArena<Buffer extends Lifetime>(buffers: readonly Buffer[]): Map<Buffer, number> {
  const starts = new Map<Buffer, number>();
  for (const buffer of [...buffers].sort((a, b) => b.bytes - a.bytes)) {
    let start = 0;
    const contemporaries = [...starts]
      .filter(([{ first, last }]) => first <= buffer.last && buffer.first <= last)
      .sort(([, a], [, b]) => a - b);
    for (const [other, taken] of contemporaries) {
      if (taken - start >= spaceFor(buffer.bytes)) break;
      start = Math.max(start, taken + spaceFor(other.bytes));
    }
    starts.set(buffer, start);
  }
  return starts;
}
