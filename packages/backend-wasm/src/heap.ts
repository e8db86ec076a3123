import { ALIGNMENT, SPARE_BYTES } from "@myelin/compiler";

const PAGE = 65536;

/** A range of the memory that nobody uses. */
interface Gap {
  start: number;
  end: number;
}

/**
 * Hands out ranges of one WebAssembly memory and takes them back: first fit, neighbouring gaps become one. The memory
 * grows when no gap is large enough, which makes all views of it useless: take views from `heap.memory.buffer` each time.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Whether threads may use the memory. */
  readonly isShared: boolean;
  /** Ascending. The first page stays free for what threads and step loops agree on. */
  private readonly gaps: Gap[] = [];
  private readonly sizes = new Map<number, number>();
  /** Memory from here on was never handed out, so it still holds the zeros that it grew with. */
  private fresh = PAGE;

  /** `shared` is a wish: where such a memory is refused, threads cannot be used. */
  constructor({ shared = false }: { readonly shared?: boolean } = {}) {
    const sharedMemory = shared ? newSharedMemory() : undefined;
    this.isShared = sharedMemory !== undefined;
    this.memory = sharedMemory ?? new WebAssembly.Memory({ initial: 1 });
  }

  /** Address of a new range of zeros, aligned, with spare bytes behind it. */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + SPARE_BYTES) / ALIGNMENT) * ALIGNMENT;
    const gap = this.gaps.find(({ start, end }) => end - start >= size) ?? this.grow(size);
    const address = gap.start;
    gap.start += size;
    if (gap.start === gap.end) this.gaps.splice(this.gaps.indexOf(gap), 1);
    this.sizes.set(address, size);
    // Zeroing fresh memory would touch every page of a large data set for nothing.
    const used = Math.min(size, this.fresh - address);
    if (used > 0) new Uint8Array(this.memory.buffer, address, used).fill(0);
    this.fresh = Math.max(this.fresh, address + size);
    return address;
  }

  release(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) return;
    this.sizes.delete(address);
    const after = this.gaps.findIndex(({ start }) => start > address);
    const index = after < 0 ? this.gaps.length : after;
    this.gaps.splice(index, 0, { start: address, end: address + size });
    this.join(index);
    this.join(index - 1);
  }

  /** Makes one gap of this one and the next if they touch. */
  private join(index: number): void {
    const [gap, next] = [this.gaps[index], this.gaps[index + 1]];
    if (gap === undefined || next === undefined || gap.end !== next.start) return;
    gap.end = next.end;
    this.gaps.splice(index + 1, 1);
  }

  private grow(size: number): Gap {
    const end = this.memory.buffer.byteLength;
    const last = this.gaps.at(-1);
    const missing = size - (last?.end === end ? end - last.start : 0);
    const pages = Math.ceil(missing / PAGE);
    this.memory.grow(pages);
    if (last?.end === end) {
      last.end += pages * PAGE;
      return last;
    }
    const gap = { start: end, end: end + pages * PAGE };
    this.gaps.push(gap);
    return gap;
  }
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
