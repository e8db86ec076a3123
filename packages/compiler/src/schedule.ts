import type { Tensor } from "@myelin/tensor";
import type { Storage } from "./body.js";
import type { Computed } from "./computed.js";
import type { Group } from "./group.js";
import { leafStorage } from "./leaf-storage.js";
import type { SymbolicKernel } from "./symbolic-kernel.js";

/** A kernel to be put in order. */
export interface Task {
  /** Tasks run in this order where nothing else decides. */
  readonly rank: number;
  readonly kernel: SymbolicKernel;
  readonly reads: ReadonlySet<Storage>;
  readonly writes: ReadonlySet<Storage>;
  /** Writes before the others that write the same storage. */
  readonly fills?: boolean;
  readonly group?: Group;
}

export function taskOf(kernel: SymbolicKernel, rank: number, extra: Partial<Task> = {}): Task {
  const reads = new Set<Storage>();
  for (const instruction of kernel.body)
    if (instruction.op === "load") reads.add(instruction.address.storage);
  if (kernel.contraction !== undefined)
    reads.add(kernel.contraction.left.storage).add(kernel.contraction.right.storage);
  return {
    rank,
    kernel,
    reads,
    writes: new Set(kernel.stores.map(({ address }) => address.storage)),
    ...extra,
  };
}

/** In-place updates: the value's storage is the parameter's own. */
export type InPlace = ReadonlyMap<Tensor, Computed>;

/**
 * Readers after writers, fills before the stores that follow them, and every reader of a parameter's old value before the
 * kernel that updates it. Returns undefined when these wishes form a circle.
 */
export function schedule(tasks: readonly Task[], inPlace: InPlace): Task[] | undefined {
  const writers = new Map<Storage, Task[]>();
  for (const task of tasks)
    for (const storage of task.writes) writers.set(storage, [...(writers.get(storage) ?? []), task]);
  const before = new Map<Task, Set<Task>>(tasks.map((task) => [task, new Set<Task>()]));
  const order = (first: Task, then: Task): void => {
    if (first !== then) before.get(then)?.add(first);
  };
  for (const task of tasks) {
    for (const storage of task.reads) {
      for (const writer of writers.get(storage) ?? []) {
        if (isLeaf(storage)) order(task, writer);
        else order(writer, task);
      }
    }
    if (task.fills === true)
      for (const storage of task.writes) for (const other of writers.get(storage) ?? []) order(task, other);
  }
  for (const [parameter, value] of inPlace) {
    const old = leafStorage(parameter) as Storage;
    for (const reader of tasks.filter(({ reads }) => reads.has(old)))
      for (const writer of writers.get(value) ?? []) order(reader, writer);
  }
  return sorted(tasks, before);
}

/** Whoever reads a parameter by its own name wants the value from before the step. */
function isLeaf(storage: Storage): boolean {
  return storage.id < 0;
}

/** Kahn's algorithm; of the tasks that are ready, the one of lowest rank. */
function sorted(tasks: readonly Task[], before: ReadonlyMap<Task, ReadonlySet<Task>>): Task[] | undefined {
  const waiting = new Set([...tasks].sort((a, b) => a.rank - b.rank));
  const result: Task[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].find(
      (task) => ![...(before.get(task) ?? [])].some((other) => waiting.has(other)),
    );
    if (ready === undefined) return undefined;
    waiting.delete(ready);
    result.push(ready);
  }
  return result;
}
