import { ALIGNMENT, SPARE_BYTES } from "./program.js";

/** A buffer of the arena, needed from kernel `first` to kernel `last`, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface Plan {
  /** Byte offset of each buffer, in the order given. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/**
 * First fit over lifetimes: large buffers choose first, each takes the lowest gap that is free for as long as it lives.
 * (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020: greedy by size.)
 */
export function planArena(buffers: readonly Lifetime[]): Plan {
  const offsets = new Array<number>(buffers.length).fill(0);
  const placed: { readonly start: number; readonly end: number; readonly buffer: Lifetime }[] = [];
  const bySize = buffers
    .map((buffer, index) => ({ buffer, index }))
    .sort((a, b) => b.buffer.bytes - a.buffer.bytes || a.index - b.index);
  let bytes = 0;
  for (const { buffer, index } of bySize) {
    const size = Math.ceil((buffer.bytes + SPARE_BYTES) / ALIGNMENT) * ALIGNMENT;
    const contemporaries = placed
      .filter((other) => other.buffer.first <= buffer.last && buffer.first <= other.buffer.last)
      .sort((a, b) => a.start - b.start);
    let start = 0;
    for (const other of contemporaries) {
      if (other.start - start >= size) break;
      start = Math.max(start, other.end);
    }
    offsets[index] = start;
    placed.push({ start, end: start + size, buffer });
    bytes = Math.max(bytes, start + size);
  }
  return { offsets, bytes };
}
