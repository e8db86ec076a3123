import type { BufferId } from "./program.js";

/** What reads and writes buffers: a computed node while kernels are formed, a kernel when they are put in order. */
export interface Access {
  readonly reads: readonly { readonly buffer: BufferId }[];
  readonly writes: readonly BufferId[];
}

export interface Precedence<Task extends Access> {
  add(task: Task): void;
  /** Who must run before the task: the writers of what it reads, and the readers of a parameter that it writes. */
  before(task: Task): Task[];
  /** Who computes a buffer, or a part of it; nobody for a leaf. */
  writersOf(buffer: BufferId): readonly Task[];
}

/** `isLeaf` tells parameters and other leaves: whoever reads one wants the value from before the step. */
export function precedence<Task extends Access>(isLeaf: (buffer: BufferId) => boolean): Precedence<Task> {
  const readers = new Map<BufferId, Task[]>();
  const writers = new Map<BufferId, Task[]>();
  const list = (table: Map<BufferId, Task[]>, buffer: BufferId): Task[] => {
    const known = table.get(buffer) ?? [];
    table.set(buffer, known);
    return known;
  };
  const writersOf = (buffer: BufferId) => (isLeaf(buffer) ? [] : list(writers, buffer));
  return {
    add(task) {
      for (const { buffer } of task.reads) list(readers, buffer).push(task);
      for (const buffer of task.writes) list(writers, buffer).push(task);
    },
    before: ({ reads, writes }) => [
      ...reads.flatMap(({ buffer }) => writersOf(buffer)),
      ...writes.flatMap((buffer) => (isLeaf(buffer) ? list(readers, buffer) : [])),
    ],
    writersOf,
  };
}
