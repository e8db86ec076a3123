import { spaceFor } from "@myelin/compiler";

/** A range of the memory that is in use. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/** Hands out ranges of one WebAssembly memory and takes them back. */
export interface Heap {
  /** Grows, which makes all views of it useless: take views from `heap.memory.buffer` each time. */
  readonly memory: WebAssembly.Memory;
  /** Whether threads may use the memory. */
  readonly isShared: boolean;
  /** Address of a new range of zeros, aligned, with spare bytes behind it. */
  allocate(bytes: number): number;
  release(address: number): void;
}

/**
 * First fit. The memory grows when no gap is large enough. `shared` is a wish: where such a memory is refused, threads cannot
 * be used.
 */
export function openHeap(shared: boolean): Heap {
  const PAGE = 65536;
  const sharedMemory = shared ? newSharedMemory() : undefined;
  const memory = sharedMemory ?? new WebAssembly.Memory({ initial: 1 });
  /** Ascending. The first page stays free for what threads and step loops agree on. */
  const blocks: Block[] = [];
  /** Memory from here on was never handed out, so it still holds the zeros that it grew with. */
  let fresh = PAGE;
  const endBefore = (index: number) => blocks[index - 1]?.end ?? PAGE;
  return {
    memory,
    isShared: sharedMemory !== undefined,
    allocate(bytes) {
      const size = spaceFor(bytes);
      const next = blocks.findIndex(({ start }, index) => start - endBefore(index) >= size);
      const index = next < 0 ? blocks.length : next;
      const start = endBefore(index);
      const end = start + size;
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      blocks.splice(index, 0, { start, end });
      // Zeroing fresh memory would touch every page of a large data set for nothing.
      if (start < fresh) new Uint8Array(memory.buffer).fill(0, start, Math.min(end, fresh));
      fresh = Math.max(fresh, end);
      return start;
    },
    release(address) {
      const index = blocks.findIndex(({ start }) => start === address);
      if (index >= 0) blocks.splice(index, 1);
    },
  };
}

/** All addresses, or a part of them where a runtime wants to reserve real memory for them. */
function newSharedMemory(): WebAssembly.Memory | undefined {
  for (const maximum of [65536, 16384]) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch {}
  }
  return undefined;
}
