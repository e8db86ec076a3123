import { obtain } from "@myelin/tensor";
import type { BufferId } from "./program.js";

/** What reads and writes buffers: a computed node while kernels are formed, a kernel when they are put in order. */
export interface Access {
  readonly reads: readonly { readonly buffer: BufferId }[];
  readonly writes: readonly BufferId[];
}

export interface Precedence<Task extends Access> {
  add(task: Task): void;
  /** Who must run before the task. */
  before(task: Task): ReadonlySet<Task>;
}

/**
 * Writers run before readers. With leaves it is the other way round: whoever reads a parameter wants the value from before
 * the step.
 */
export function precedence<Task extends Access>(isLeaf: (buffer: BufferId) => boolean): Precedence<Task> {
  const users = new Map<BufferId, { readonly readers: Task[]; readonly writers: Task[] }>();
  const earlier = new Map<Task, Set<Task>>();
  const usersOf = (buffer: BufferId) => obtain(users, buffer, () => ({ readers: [], writers: [] }));
  const before = (task: Task) => earlier.get(task) as Set<Task>;
  const link = (buffer: BufferId, writer: Task, reader: Task) => {
    if (isLeaf(buffer)) before(writer).add(reader);
    else before(reader).add(writer);
  };
  return {
    before,
    add(task) {
      earlier.set(task, new Set());
      for (const { buffer } of task.reads) {
        const { readers, writers } = usersOf(buffer);
        readers.push(task);
        for (const writer of writers) link(buffer, writer, task);
      }
      for (const buffer of task.writes) {
        const { readers, writers } = usersOf(buffer);
        writers.push(task);
        for (const reader of readers) link(buffer, task, reader);
      }
    },
  };
}
